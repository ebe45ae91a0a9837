package io.ppdb.kv.contract;

import static io.ppdb.kv.contract.Texts.bytes;
import static io.ppdb.kv.contract.Texts.counter;
import static io.ppdb.kv.contract.Texts.get;
import static io.ppdb.kv.contract.Texts.put;
import static org.assertj.core.api.Assertions.assertThat;

import io.ppdb.kv.Cursor;
import io.ppdb.kv.Durability;
import io.ppdb.kv.KeyRange;
import io.ppdb.kv.MergeOperators;
import io.ppdb.kv.ScanOptions;
import io.ppdb.kv.Snapshot;
import io.ppdb.kv.TransactionOptions;
import io.ppdb.kv.WriteBatch;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Many threads, and what must hold among them. */
interface ConcurrencyCases extends StoreFixture {
  TransactionOptions ASYNC = TransactionOptions.DEFAULT.withDurability(Durability.ASYNC);

  /** Runs the tasks at the same time, and fails with what failed first. */
  private static void inParallel(List<? extends Callable<?>> tasks) {
    ExecutorService executor = Executors.newFixedThreadPool(tasks.size());
    try {
      List<Future<?>> futures = new ArrayList<>();
      for (Callable<?> task : tasks) {
        futures.add(executor.submit(task));
      }
      for (Future<?> future : futures) {
        future.get();
      }
    } catch (ExecutionException e) {
      throw new AssertionError(e.getCause());
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    } finally {
      executor.shutdownNow();
    }
  }

  @Test
  default void committedWritesAreVisibleToOtherThreads() {
    AtomicLong committed = new AtomicLong(-1);
    int count = times(2000);
    inParallel(
        List.of(
            () -> {
              for (int i = 0; i < count; i++) {
                store().write(new WriteBatch().put(bytes("a"), bytes("" + i)), Durability.ASYNC);
                committed.set(i);
              }
              return true;
            },
            () -> {
              long atLeast;
              do {
                atLeast = committed.get();
                String value = get(store(), "a");
                long seen = value == null ? -1 : Long.parseLong(value);
                assertThat(seen).isGreaterThanOrEqualTo(atLeast);
              } while (atLeast < count - 1);
              return true;
            }));
  }

  @Test
  default void noIncrementIsLost() {
    int threads = 4;
    int increments = times(250);
    List<Callable<Boolean>> tasks = new ArrayList<>();
    for (int t = 0; t < threads; t++) {
      tasks.add(
          () -> {
            for (int i = 0; i < increments; i++) {
              store()
                  .transact(
                      ASYNC,
                      transaction -> {
                        String value = get(transaction, "n");
                        int next = value == null ? 1 : Integer.parseInt(value) + 1;
                        transaction.put(bytes("n"), bytes("" + next));
                        return next;
                      });
            }
            return true;
          });
    }
    inParallel(tasks);
    assertThat(get(store(), "n")).isEqualTo("" + threads * increments);
  }

  @Test
  default void noMergeIsLostAndReadersSeeSumsGrow() {
    int threads = 3;
    int merges = times(1000);
    AtomicBoolean done = new AtomicBoolean();
    List<Callable<Boolean>> tasks = new ArrayList<>();
    AtomicLong running = new AtomicLong(threads);
    for (int t = 0; t < threads; t++) {
      tasks.add(
          () -> {
            for (int i = 0; i < merges; i++) {
              store()
                  .write(
                      new WriteBatch()
                          .merge(
                              MergeOperators.LONG_ADD, bytes("c/n"), MergeOperators.encodeLong(1)),
                      Durability.ASYNC);
            }
            if (running.decrementAndGet() == 0) {
              done.set(true);
            }
            return true;
          });
    }
    tasks.add(
        () -> {
          long last = 0;
          while (!done.get()) {
            Long seen = counter(store(), "c/n");
            long now = seen == null ? 0 : seen;
            assertThat(now).isGreaterThanOrEqualTo(last);
            last = now;
          }
          return true;
        });
    inParallel(tasks);
    assertThat(counter(store(), "c/n")).isEqualTo((long) threads * merges);
  }

  /** Money moves between accounts; every scan, up or down, sees all of it. */
  @Test
  default void moneyIsNeitherMadeNorLost() {
    int accounts = 10;
    for (int i = 0; i < accounts; i++) {
      put(store(), "account" + i, "100");
    }
    AtomicBoolean done = new AtomicBoolean();
    List<Callable<Boolean>> tasks = new ArrayList<>();
    AtomicLong running = new AtomicLong(3);
    for (int t = 0; t < 3; t++) {
      Random random = new Random(t);
      tasks.add(
          () -> {
            for (int i = 0; i < times(300); i++) {
              transfer(random.nextInt(accounts), random.nextInt(accounts), random.nextInt(20));
            }
            if (running.decrementAndGet() == 0) {
              done.set(true);
            }
            return true;
          });
    }
    for (boolean descending : new boolean[] {false, true}) {
      tasks.add(
          () -> {
            while (!done.get()) {
              assertThat(total(descending)).isEqualTo(100 * accounts);
            }
            return true;
          });
    }
    inParallel(tasks);
    assertThat(total(false)).isEqualTo(100 * accounts);
  }

  private void transfer(int from, int to, int amount) {
    if (from == to) {
      return;
    }
    store()
        .transact(
            ASYNC,
            transaction -> {
              byte[] source = bytes("account" + from);
              byte[] target = bytes("account" + to);
              int left = number(transaction.get(source)) - amount;
              int right = number(transaction.get(target)) + amount;
              // Some accounts are closed and opened again: tombstones between the versions.
              if (left == 0) {
                transaction.delete(source);
              } else {
                transaction.put(source, bytes("" + left));
              }
              transaction.put(target, bytes("" + right));
              return true;
            });
  }

  private static int number(byte @Nullable [] value) {
    return value == null ? 0 : Integer.parseInt(new String(value, StandardCharsets.UTF_8));
  }

  private int total(boolean descending) {
    int total = 0;
    try (Snapshot snapshot = store().snapshot();
        Cursor cursor =
            snapshot.scan(
                KeyRange.prefix(bytes("account")),
                ScanOptions.ASCENDING.withDescending(descending))) {
      while (cursor.next()) {
        total += Integer.parseInt(Texts.text(cursor.value()));
      }
    }
    return total;
  }

  /**
   * A batch writes one value to many keys; no reader ever sees two values, even while old ones go.
   */
  @Test
  default void readersNeverSeeHalfACommit() {
    int keys = 20;
    AtomicBoolean done = new AtomicBoolean();
    AtomicLong running = new AtomicLong(2);
    List<Callable<Boolean>> tasks = new ArrayList<>();
    for (int t = 0; t < 2; t++) {
      int writer = t;
      tasks.add(
          () -> {
            for (int i = 0; i < times(400); i++) {
              WriteBatch batch = new WriteBatch();
              for (int k = 0; k < keys; k++) {
                if (i % 5 == 4) {
                  batch.delete(bytes(String.format("h%02d", k)));
                } else {
                  batch.put(bytes(String.format("h%02d", k)), bytes(writer + "-" + i));
                }
              }
              store().write(batch, Durability.ASYNC);
            }
            if (running.decrementAndGet() == 0) {
              done.set(true);
            }
            return true;
          });
    }
    for (boolean descending : new boolean[] {false, true}) {
      tasks.add(
          () -> {
            while (!done.get()) {
              checkOneCommit(keys, descending);
            }
            return true;
          });
    }
    inParallel(tasks);
  }

  private void checkOneCommit(int keys, boolean descending) {
    try (Snapshot snapshot = store().snapshot();
        Cursor cursor =
            snapshot.scan(
                KeyRange.prefix(bytes("h")), ScanOptions.ASCENDING.withDescending(descending))) {
      String first = null;
      int count = 0;
      while (cursor.next()) {
        String value = Texts.text(cursor.value());
        if (first == null) {
          first = value;
        }
        assertThat(value).isEqualTo(first);
        count++;
      }
      assertThat(count).isIn(0, keys);
      assertThat(get(snapshot, "h00")).isEqualTo(first);
    }
  }

  @Test
  default void snapshotMayBeSharedBetweenThreads() {
    put(store(), "a", "1", "b", "2");
    try (Snapshot snapshot = store().snapshot()) {
      List<Callable<Boolean>> tasks = new ArrayList<>();
      for (int t = 0; t < 4; t++) {
        int thread = t;
        tasks.add(
            () -> {
              for (int i = 0; i < times(200); i++) {
                if (thread == 0) {
                  put(store(), "a", "x" + i, "b", "x" + i, "k" + i, "x");
                }
                assertThat(get(snapshot, "a")).isEqualTo("1");
                assertThat(Texts.scan(snapshot, KeyRange.all())).isEqualTo("a=1 b=2");
              }
              return true;
            });
      }
      inParallel(tasks);
    }
  }

  @Test
  default void versionsOfConcurrentCommitsAreDistinct() {
    Set<Long> versions = ConcurrentHashMap.newKeySet();
    List<Callable<Boolean>> tasks = new ArrayList<>();
    for (int t = 0; t < 4; t++) {
      int thread = t;
      tasks.add(
          () -> {
            long last = 0;
            for (int i = 0; i < 300; i++) {
              long version =
                  store()
                      .write(
                          new WriteBatch().put(bytes("k" + thread), bytes("" + i)),
                          Durability.ASYNC);
              assertThat(version).isGreaterThan(last);
              assertThat(versions.add(version)).isTrue();
              last = version;
            }
            return true;
          });
    }
    inParallel(tasks);
    assertThat(versions).hasSize(1200);
  }
}
