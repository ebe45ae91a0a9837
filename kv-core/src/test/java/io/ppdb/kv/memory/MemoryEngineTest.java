package io.ppdb.kv.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ppdb.kv.Cursor;
import io.ppdb.kv.Durability;
import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.KeyRange;
import io.ppdb.kv.KeyValueEngine;
import io.ppdb.kv.KeyValueStore;
import io.ppdb.kv.PpdbException;
import io.ppdb.kv.ScanOptions;
import io.ppdb.kv.StoreOptions;
import io.ppdb.kv.Transaction;
import io.ppdb.kv.WriteBatch;
import org.junit.jupiter.api.Test;

class MemoryEngineTest {
  @Test
  void isFoundByItsName() {
    ClassLoader loader = getClass().getClassLoader();
    KeyValueEngine engine = KeyValueEngine.named("memory", loader);
    try (KeyValueStore store = engine.open("ignored", StoreOptions.DEFAULT)) {
      assertThat(store.properties().engineName()).isEqualTo("memory");
    }
    assertThat(engine.create("ignored", 1)).isEmpty();
    assertThatThrownBy(() -> KeyValueEngine.named("none", loader))
        .isInstanceOfSatisfying(
            PpdbException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.NOT_SUPPORTED))
        .hasMessageContaining("none");
  }

  @Test
  void scansOwnWritesOverCommittedOnesBothWays() {
    try (KeyValueStore store = new MemoryStore(StoreOptions.DEFAULT)) {
      WriteBatch batch = new WriteBatch();
      for (int i = 0; i < 100; i += 2) {
        batch.put(key(i), key(i));
      }
      store.write(batch, Durability.MEMORY);
      try (Transaction transaction = store.begin()) {
        for (int i = 1; i < 100; i += 2) {
          transaction.put(key(i), key(i));
        }
        transaction.delete(key(50));
        StringBuilder seen = new StringBuilder();
        try (Cursor cursor = transaction.scan(KeyRange.of(key(47), key(54)))) {
          while (cursor.next()) {
            seen.append(cursor.key().byteAt(0)).append(' ');
          }
          while (cursor.previous()) {
            seen.append(cursor.key().byteAt(0)).append(' ');
          }
        }
        try (Cursor cursor =
            transaction.scan(KeyRange.of(key(47), key(54)), ScanOptions.DESCENDING)) {
          while (cursor.next()) {
            seen.append(cursor.key().byteAt(0)).append(' ');
          }
        }
        assertThat(seen.toString())
            .isEqualTo("47 48 49 51 52 53 53 52 51 49 48 47 53 52 51 49 48 47 ");
      }
    }
  }

  private static byte[] key(int i) {
    return new byte[] {(byte) i};
  }
}
