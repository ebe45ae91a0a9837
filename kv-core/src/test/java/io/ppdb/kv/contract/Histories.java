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
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Runs clients over a store and gives what they recorded. */
public final class Histories {
  /** Of puts into "e/" that do not say when they expire. */
  static final Duration DEFAULT_EXPIRY = Duration.ofMillis(5);

  /** The longest history of a key: the clock of a history moves some hundred milliseconds. */
  public static final int MAX_HISTORY_MILLIS = 8;

  /** Clients make so many calls, on the average, for each thing that is done to the store. */
  private static final int CALLS_PER_UPKEEP = 100;

  private static final int VIEWS_PER_CHECKPOINT = 3;

  private Histories() {}

  /** As the longer one, over a store that is only called. */
  public static List<String> interleaved(
      KeyValueStore store, ManualClock clock, long seed, int stepCount) {
    return interleaved(() -> store, clock, seed, stepCount, MAX_HISTORY_MILLIS).violations();
  }

  /**
   * One thread, clients taken in turn at random, and upkeep between their calls: the same seed
   * gives the same history.
   *
   * @param maxHistoryMillis what the past is kept for, at most: 0, or {@link #MAX_HISTORY_MILLIS}
   */
  public static History interleaved(
      Upkeep upkeep, ManualClock clock, long seed, int stepCount, int maxHistoryMillis) {
    setPolicies(upkeep.store(), maxHistoryMillis);
    // Whatever is asked for, the store was there.
    clock.advance(2 * MAX_HISTORY_MILLIS);
    Random random = new Random(seed);
    Random upkeepRandom = new Random(~seed);
    AtomicLong returned = new AtomicLong();
    List<HistoryClient> clients =
        clients(upkeep.store(), clock, seed, 2 + random.nextInt(15), returned);
    List<HistoryClient> readers = new ArrayList<>();
    for (int i = 0; i < stepCount; i++) {
      int callNumber = i;
      clients.forEach(client -> client.at(callNumber));
      clients.get(random.nextInt(clients.size())).step();
      if (upkeepRandom.nextInt(CALLS_PER_UPKEEP) == 0) {
        keepUp(upkeep, upkeepRandom, clients, readers, clock, returned, i);
      }
    }
    clients.forEach(HistoryClient::finish);
    clients.addAll(readers);
    return History.of(clients, changes(upkeep.store()), maxHistoryMillis, upkeep.isExact());
  }

  private static void keepUp(
      Upkeep upkeep,
      Random random,
      List<HistoryClient> clients,
      List<HistoryClient> readers,
      ManualClock clock,
      AtomicLong returned,
      int callNumber) {
    List<Runnable> tasks = upkeep.tasks();
    int choice = random.nextInt(tasks.size() + (upkeep.isDurable() ? 2 : 0) + 1);
    if (choice < tasks.size()) {
      tasks.get(choice).run();
    } else if (choice == tasks.size() + 1) {
      clients.forEach(HistoryClient::finish);
      upkeep.reopen();
      clients.forEach(client -> client.use(upkeep.store()));
    } else if (choice == tasks.size() + 2) {
      int number = clients.size() + readers.size();
      try (KeyValueStore copy = upkeep.openCheckpoint()) {
        HistoryClient reader = new HistoryClient(number, random.nextLong(), copy, clock, returned);
        reader.at(callNumber);
        reader.readViews(VIEWS_PER_CHECKPOINT);
        readers.add(reader);
      }
    }
  }

  /** As the longer one, over a store that is only called. */
  public static List<String> threaded(
      KeyValueStore store, ManualClock clock, long seed, int clientCount, int stepsPerClient) {
    return threaded(() -> store, clock, seed, clientCount, stepsPerClient);
  }

  /**
   * A thread for every client, and one that has the engine's tasks done; what each one does depends
   * on the seed, how they meet does not.
   *
   * @return what the checker finds wrong; empty if nothing
   */
  public static List<String> threaded(
      Upkeep upkeep, ManualClock clock, long seed, int clientCount, int stepsPerClient) {
    KeyValueStore store = upkeep.store();
    setPolicies(store, MAX_HISTORY_MILLIS);
    clock.advance(2 * MAX_HISTORY_MILLIS);
    List<HistoryClient> clients = clients(store, clock, seed, clientCount, new AtomicLong());
    List<Runnable> tasks = new ArrayList<>();
    AtomicInteger running = new AtomicInteger(clients.size());
    for (HistoryClient client : clients) {
      tasks.add(
          () -> {
            try {
              for (int i = 0; i < stepsPerClient; i++) {
                client.step();
              }
              client.finish();
            } finally {
              running.decrementAndGet();
            }
          });
    }
    List<Runnable> work = upkeep.tasks();
    if (!work.isEmpty()) {
      tasks.add(
          () -> {
            Random random = new Random(~seed);
            while (running.get() > 0) {
              work.get(random.nextInt(work.size())).run();
            }
          });
    }
    inThreads(seed, tasks);
    return History.of(clients, changes(store), MAX_HISTORY_MILLIS, upkeep.isExact()).violations();
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
      KeyValueStore store, ManualClock clock, long seed, int count, AtomicLong returned) {
    List<HistoryClient> clients = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      clients.add(new HistoryClient(i, seed * 31 + i, store, clock, returned));
    }
    return clients;
  }

  /** The whole change log; null if the store has none. */
  private static @Nullable List<ChangeCursor.Commit> changes(KeyValueStore store) {
    if (!store.properties().changes()) {
      return null;
    }
    List<ChangeCursor.Commit> changes = new ArrayList<>();
    try (ChangeCursor cursor = store.changes(0)) {
      for (ChangeCursor.Commit commit = cursor.poll(); commit != null; commit = cursor.poll()) {
        changes.add(
            new ChangeCursor.Commit(
                commit.version(),
                commit.timeMillis(),
                commit.origin(),
                commit.deletedRanges(),
                List.copyOf(commit.writes()))); // which can be read until the next poll
      }
    }
    return changes;
  }

  /** How many milliseconds of the past of {@code key} are kept. */
  static int historyMillis(String key, int maxHistoryMillis) {
    int millis = key.startsWith("c/") ? 6 : key.startsWith("e/") ? 4 : MAX_HISTORY_MILLIS;
    return key.compareTo("f") >= 0 ? 0 : Math.min(maxHistoryMillis, millis);
  }

  static void setPolicies(KeyValueStore store, int maxHistoryMillis) {
    for (String prefix : List.of("", "c/", "e/")) {
      Duration history = Duration.ofMillis(historyMillis(prefix, maxHistoryMillis));
      // With the placement that the engine tries.
      RangePolicy policy = store.policy(bytes(prefix)).withHistory(history);
      RangePolicy used =
          switch (prefix) {
            case "c/" -> policy.withUse(RangePolicy.Use.MERGEABLE);
            case "e/" ->
                policy.withUse(RangePolicy.Use.EXPIRABLE).withDefaultExpiry(DEFAULT_EXPIRY);
            default -> policy;
          };
      store.setPolicy(KeyRange.prefix(bytes(prefix)), used);
    }
    KeyRange rest = KeyRange.of(bytes("f"), null);
    store.setPolicy(rest, store.policy(rest.start()).withHistory(Duration.ZERO));
  }
}
