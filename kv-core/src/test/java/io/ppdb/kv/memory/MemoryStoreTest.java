package io.ppdb.kv.memory;

import static org.assertj.core.api.Assertions.assertThat;

import io.ppdb.kv.Durability;
import io.ppdb.kv.KeyRange;
import io.ppdb.kv.KeyValueStore;
import io.ppdb.kv.Snapshot;
import io.ppdb.kv.StoreOptions;
import io.ppdb.kv.Transaction;
import io.ppdb.kv.WriteBatch;
import io.ppdb.kv.contract.KeyValueStoreContract;
import org.junit.jupiter.api.Test;

class MemoryStoreTest extends KeyValueStoreContract {
  private static final byte[] A = {'a'};
  private static final byte[] B = {'b'};

  @Override
  protected KeyValueStore open(StoreOptions options) {
    return new MemoryStore(options);
  }

  private void put(byte[] key, int value) {
    store().write(new WriteBatch().put(key, new byte[] {(byte) value}), Durability.MEMORY);
  }

  @Test
  void keyThatNobodyChangedIsKnownNotToHaveChanged() {
    put(A, 1);
    put(B, 1);
    try (Snapshot before = store().snapshot()) {
      put(B, 2);
      try (Snapshot after = store().snapshot();
          Transaction transaction = store().begin()) {
        assertThat(after.isUnchangedSince(A, before.version())).isTrue();
        assertThat(transaction.isUnchangedSince(A, before.version())).isTrue();
        assertThat(before.isUnchangedSince(A, after.version())).isTrue();
      }
    }
  }

  @Test
  void whatWasDroppedHasChanged() {
    put(A, 1);
    try (Snapshot before = store().snapshot()) {
      store().dropRange(KeyRange.prefix(A));
      try (Snapshot after = store().snapshot()) {
        assertThat(after.isUnchangedSince(A, before.version())).isFalse();
      }
    }
  }
}
