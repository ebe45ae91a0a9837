package io.ppdb.kv.contract;

import static io.ppdb.kv.contract.Texts.bytes;
import static io.ppdb.kv.contract.Texts.get;
import static io.ppdb.kv.contract.Texts.put;
import static io.ppdb.kv.contract.Texts.range;
import static org.assertj.core.api.Assertions.assertThat;

import io.ppdb.kv.Durability;
import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.Isolation;
import io.ppdb.kv.KeyRange;
import io.ppdb.kv.Snapshot;
import io.ppdb.kv.Transaction;
import io.ppdb.kv.TransactionOptions;
import io.ppdb.kv.WriteBatch;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** Keys that need not be read again: who says so must be right, nobody has to know. */
interface UnchangedCases extends StoreFixture {
  private void assertIsNoticed(Runnable change) {
    put(store(), "a", "1");
    long before;
    try (Snapshot snapshot = store().snapshot()) {
      before = snapshot.version();
      change.run();
    }
    try (Snapshot snapshot = store().snapshot();
        Transaction transaction = store().begin()) {
      assertThat(snapshot.isUnchangedSince(bytes("a"), before)).isFalse();
      assertThat(transaction.isUnchangedSince(bytes("a"), before)).isFalse();
    }
  }

  @Test
  default void putIsNoticed() {
    assertIsNoticed(() -> put(store(), "a", "2"));
  }

  @Test
  default void deleteIsNoticed() {
    assertIsNoticed(() -> Texts.delete(store(), "a"));
  }

  @Test
  default void batchIsNoticed() {
    assertIsNoticed(
        () -> store().write(new WriteBatch().put(bytes("a"), bytes("2")), Durability.SYNC));
  }

  @Test
  default void loadIsNoticed() {
    assertIsNoticed(() -> BulkLoadCases.load(store(), "a", "2"));
  }

  @Test
  default void rangeDeleteIsNoticed() {
    assertIsNoticed(
        () ->
            store()
                .transact(
                    transaction -> {
                      transaction.deleteRange(range("a", "b"));
                      return true;
                    }));
  }

  @Test
  default void ownWriteIsAChange() {
    put(store(), "a", "1", "b", "1", "c", "1");
    try (Transaction transaction = store().begin()) {
      transaction.put(bytes("a"), bytes("2"));
      transaction.deleteRange(range("b", "c"));
      assertThat(transaction.isUnchangedSince(bytes("a"), transaction.version())).isFalse();
      assertThat(transaction.isUnchangedSince(bytes("b"), transaction.version())).isFalse();
    }
  }

  @Test
  default void changeAfterTheViewIsNone() {
    put(store(), "a", "1");
    try (Snapshot snapshot = store().snapshot()) {
      put(store(), "a", "2");
      try (Snapshot later = store().snapshot()) {
        assertThat(snapshot.isUnchangedSince(bytes("a"), later.version()))
            .as("it is another in the later version")
            .isFalse();
      }
    }
  }

  /** Who relied on it under SERIALIZABLE has read it. */
  @Test
  default void reliedOnKeyIsRead() {
    put(store(), "a", "1");
    try (Transaction reader =
        store().begin(TransactionOptions.DEFAULT.withIsolation(Isolation.SERIALIZABLE))) {
      if (!reader.isUnchangedSince(bytes("a"), reader.version())) {
        reader.get(bytes("a"));
      }
      put(store(), "a", "2");
      reader.put(bytes("other"), bytes("1"));
      Texts.assertFails(ErrorCode.CONFLICT, reader::commit);
    }
  }

  @Test
  default void isNeverWrongAmongManyWriters() throws Exception {
    int count = times(2_000);
    AtomicBoolean done = new AtomicBoolean();
    Thread writer =
        new Thread(
            () -> {
              for (int i = 0; i < count; i++) {
                put(store(), "k" + i % 7, "" + i);
                if (i % 100 == 0) {
                  store()
                      .transact(
                          transaction -> {
                            transaction.deleteRange(KeyRange.prefix(bytes("k3")));
                            return true;
                          });
                }
              }
              done.set(true);
            });
    writer.start();
    String wrong = null;
    while (!done.get() && wrong == null) {
      for (int i = 0; i < 7; i++) {
        String key = "k" + i;
        try (Snapshot first = store().snapshot()) {
          String value = get(first, key);
          Thread.onSpinWait();
          try (Snapshot second = store().snapshot()) {
            if (second.isUnchangedSince(bytes(key), first.version())) {
              String now = get(second, key);
              if (!Objects.equals(value, now)) {
                wrong = key + " was " + value + " and is " + now;
              }
            }
          }
        }
      }
    }
    writer.join();
    assertThat(wrong).isNull();
  }
}
