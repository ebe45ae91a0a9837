package io.ppdb.kv.contract;

import static io.ppdb.kv.contract.OracleStore.bytes;

import io.ppdb.kv.ChangeCursor;
import io.ppdb.kv.KeyRange;
import io.ppdb.kv.KeyValueStore;
import io.ppdb.kv.RangePolicy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

/** Runs clients over a store and gives what they recorded. */
public final class Histories {
  /** Of puts into "e/" that do not say when they expire. */
  static final Duration DEFAULT_EXPIRY = Duration.ofMillis(5);

  /** The longest history of a key: the clock of a history moves some hundred milliseconds. */
  static final int MAX_HISTORY_MILLIS = 8;

  private Histories() {}

  /**
   * One thread, clients taken in turn at random: the same seed gives the same history.
   *
   * @return what the checker finds wrong; empty if nothing
   */
  public static List<String> interleaved(
      KeyValueStore store, ManualClock clock, long seed, int stepCount) {
    setPolicies(store);
    // Whatever is asked for, the store was there.
    clock.advance(2 * MAX_HISTORY_MILLIS);
    Random random = new Random(seed);
    List<HistoryClient> clients = clients(store, clock, seed, 2 + random.nextInt(15));
    for (int i = 0; i < stepCount; i++) {
      clients.get(random.nextInt(clients.size())).step();
    }
    clients.forEach(HistoryClient::finish);
    return check(store, clients);
  }

  /** A thread for every client; what each one does depends on the seed, how they meet does not. */
  public static List<String> threaded(
      KeyValueStore store, ManualClock clock, long seed, int clientCount, int stepsPerClient) {
    setPolicies(store);
    clock.advance(2 * MAX_HISTORY_MILLIS);
    List<HistoryClient> clients = clients(store, clock, seed, clientCount);
    List<Runnable> tasks = new ArrayList<>();
    for (HistoryClient client : clients) {
      tasks.add(
          () -> {
            for (int i = 0; i < stepsPerClient; i++) {
              client.step();
            }
            client.finish();
          });
    }
    inThreads(seed, tasks);
    return check(store, clients);
  }

  /** Runs each task in a thread of its own, all at once; fails with what failed first. */
  static void inThreads(long seed, List<Runnable> tasks) {
    AtomicReference<Throwable> failure = new AtomicReference<>();
    CountDownLatch start = new CountDownLatch(1);
    List<Thread> threads = new ArrayList<>();
    for (Runnable task : tasks) {
      Thread thread =
          new Thread(
              () -> {
                try {
                  start.await();
                  task.run();
                } catch (Throwable e) {
                  failure.compareAndSet(null, e);
                }
              });
      threads.add(thread);
      thread.start();
    }
    start.countDown();
    for (Thread thread : threads) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }
    if (failure.get() != null) {
      throw new AssertionError("seed " + seed, failure.get());
    }
  }

  private static List<HistoryClient> clients(
      KeyValueStore store, ManualClock clock, long seed, int count) {
    AtomicLong returned = new AtomicLong();
    List<HistoryClient> clients = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      clients.add(new HistoryClient(i, seed * 31 + i, store, clock, returned));
    }
    return clients;
  }

  private static List<String> check(KeyValueStore store, List<HistoryClient> clients) {
    List<Execution> history = new ArrayList<>();
    clients.forEach(client -> history.addAll(client.finished()));
    List<ChangeCursor.Commit> changes = null;
    if (store.properties().changes()) {
      changes = new ArrayList<>();
      try (ChangeCursor cursor = store.changes(0)) {
        for (ChangeCursor.Commit commit = cursor.poll(); commit != null; commit = cursor.poll()) {
          changes.add(commit);
        }
      }
    }
    return HistoryChecker.check(history, changes);
  }

  /** How many milliseconds of the past of {@code key} are kept. */
  static int historyMillis(String key) {
    return key.startsWith("c/")
        ? 6
        : key.startsWith("e/") ? 4 : key.compareTo("f") >= 0 ? 0 : MAX_HISTORY_MILLIS;
  }

  static void setPolicies(KeyValueStore store) {
    setPolicy(store, KeyRange.all(), "", RangePolicy.Use.PLAIN);
    setPolicy(store, KeyRange.of(bytes("f"), null), "f", RangePolicy.Use.PLAIN);
    setPolicy(store, KeyRange.prefix(bytes("c/")), "c/", RangePolicy.Use.MERGEABLE);
    setPolicy(store, KeyRange.prefix(bytes("e/")), "e/", RangePolicy.Use.EXPIRABLE);
  }

  private static void setPolicy(
      KeyValueStore store, KeyRange range, String key, RangePolicy.Use use) {
    Duration history = Duration.ofMillis(historyMillis(key));
    RangePolicy opened = store.policy(range.start()); // with the placement that the engine tries
    RangePolicy policy = opened.withHistory(history).withUse(use);
    boolean expires = use == RangePolicy.Use.EXPIRABLE;
    store.setPolicy(range, expires ? policy.withDefaultExpiry(DEFAULT_EXPIRY) : policy);
  }
}
