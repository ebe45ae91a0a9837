package io.ppdb.kv.contract;

import static io.ppdb.kv.contract.Texts.bytes;
import static io.ppdb.kv.contract.Texts.delete;
import static io.ppdb.kv.contract.Texts.put;
import static io.ppdb.kv.contract.Texts.text;
import static org.assertj.core.api.Assertions.assertThat;

import io.ppdb.kv.Durability;
import io.ppdb.kv.MergeOperators;
import io.ppdb.kv.Snapshot;
import io.ppdb.kv.Transaction;
import io.ppdb.kv.WriteBatch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** {@code KeyValueStore.get}: the newest value, without a view. */
interface NewestReadCases extends StoreFixture {
  private @Nullable String newest(String key) {
    return text(store().get(bytes(key)));
  }

  @Test
  default void newestValueFollowsEveryCommit() {
    assertThat(newest("a")).isNull();
    put(store(), "a", "1");
    assertThat(newest("a")).isEqualTo("1");
    put(store(), "a", "2", "b", "");
    assertThat(newest("a")).isEqualTo("2");
    assertThat(newest("b")).isEmpty();
    delete(store(), "a");
    assertThat(newest("a")).isNull();
  }

  @Test
  default void newestValueIsNotHeldBackByAnOpenSnapshot() {
    put(store(), "a", "1");
    try (Snapshot snapshot = store().snapshot()) {
      put(store(), "a", "2");
      assertThat(newest("a")).isEqualTo("2");
      assertThat(Texts.get(snapshot, "a")).isEqualTo("1");
    }
  }

  @Test
  default void newestValueIsNotWhatIsWrittenButNotCommitted() {
    put(store(), "a", "1");
    try (Transaction transaction = store().begin()) {
      transaction.put(bytes("a"), bytes("2"));
      assertThat(newest("a")).isEqualTo("1");
      transaction.rollback();
    }
    assertThat(newest("a")).isEqualTo("1");
  }

  @Test
  default void newestValueBelongsToTheCaller() {
    put(store(), "a", "1");
    byte[] value = store().get(bytes("a"));
    Arrays.fill(Objects.requireNonNull(value), (byte) 'x');
    assertThat(newest("a")).isEqualTo("1");
  }

  @Test
  default void newestValueHasAllOperandsFoldedIn() {
    for (int i = 1; i <= 100; i++) {
      WriteBatch batch = new WriteBatch();
      batch.merge(MergeOperators.LONG_ADD, bytes("c/n"), MergeOperators.encodeLong(i));
      store().write(batch, Durability.ASYNC);
      byte[] value = store().get(bytes("c/n"));
      assertThat(MergeOperators.decodeLong(Objects.requireNonNull(value)))
          .isEqualTo(i * (i + 1L) / 2);
    }
  }

  @Test
  default void newestValueExpiresByTheStoresTime() {
    long expiryMillis = clock().millis() + 10;
    WriteBatch batch = new WriteBatch();
    batch.put(bytes("e/a"), bytes("1"), expiryMillis);
    store().write(batch, Durability.ASYNC);
    clock().advance(9);
    assertThat(newest("e/a")).isEqualTo("1");
    clock().advance(1);
    assertThat(newest("e/a")).isNull();
  }

  /**
   * Two threads write rising numbers, each repeated all over the value, to the same keys; others
   * ask for the newest. What is read is whole, was committed, is not older than what a commit that
   * returned before wrote, and never older than what the same thread has read before.
   */
  @Test
  default void newestValueIsWholeAndNeverGoesBack() throws InterruptedException {
    int keyCount = 4;
    int lastNumber = times(3_000);
    AtomicLong[] returned = new AtomicLong[keyCount];
    Arrays.setAll(returned, i -> new AtomicLong());
    ExecutorService executor = Executors.newFixedThreadPool(4);
    try {
      List<Future<?>> writers = new ArrayList<>();
      List<Future<?>> readers = new ArrayList<>();
      for (int w = 0; w < 2; w++) {
        int writer = w;
        writers.add(
            executor.submit(
                () -> {
                  for (int number = 1; number <= lastNumber; number++) {
                    int key = 2 * (number % (keyCount / 2)) + writer;
                    WriteBatch batch = new WriteBatch();
                    batch.put(bytes("k" + key), valueOf(number));
                    store().write(batch, Durability.ASYNC);
                    returned[key].set(number);
                  }
                }));
      }
      for (int r = 0; r < 2; r++) {
        readers.add(
            executor.submit(
                () -> {
                  long[] seen = new long[keyCount];
                  for (boolean done = false; !done; ) {
                    done = writers.stream().allMatch(Future::isDone);
                    for (int key = 0; key < keyCount; key++) {
                      long least = Math.max(seen[key], returned[key].get());
                      byte[] value = store().get(bytes("k" + key));
                      seen[key] = value == null ? 0 : numberIn(value);
                      assertThat(seen[key]).as("key %s", key).isGreaterThanOrEqualTo(least);
                    }
                  }
                }));
      }
      for (Future<?> writer : writers) {
        writer.get();
      }
      for (Future<?> reader : readers) {
        reader.get();
      }
    } catch (ExecutionException e) {
      throw new AssertionError(e.getCause());
    } finally {
      executor.shutdownNow();
    }
  }

  private static byte[] valueOf(int number) {
    return bytes((number + ",").repeat(40));
  }

  private static long numberIn(byte[] value) {
    String all = String.valueOf(text(value));
    String first = all.substring(0, all.indexOf(',') + 1);
    assertThat(all).isEqualTo(first.repeat(40));
    return Long.parseLong(first.substring(0, first.length() - 1));
  }
}
