package io.ppdb.kv.contract;

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
  private Histories() {}

  /**
   * One thread, clients taken in turn at random: the same seed gives the same history.
   *
   * @return what the checker finds wrong; empty if nothing
   */
  public static List<String> interleaved(
      KeyValueStore store, ManualClock clock, long seed, int stepCount) {
    setPolicies(store);
    Random random = new Random(seed);
    List<HistoryClient> clients = clients(store, clock, seed, 2 + random.nextInt(15));
    for (int i = 0; i < stepCount; i++) {
      clients.get(random.nextInt(clients.size())).step();
    }
    clients.forEach(HistoryClient::finish);
    return check(clients);
  }

  /** A thread for every client; what each one does depends on the seed, how they meet does not. */
  public static List<String> threaded(
      KeyValueStore store, ManualClock clock, long seed, int clientCount, int stepsPerClient) {
    setPolicies(store);
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
    return check(clients);
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

  private static List<String> check(List<HistoryClient> clients) {
    List<Execution> history = new ArrayList<>();
    clients.forEach(client -> history.addAll(client.finished()));
    return HistoryChecker.check(history);
  }

  static void setPolicies(KeyValueStore store) {
    RangePolicy policy = RangePolicy.DEFAULT.withHistory(Duration.ZERO);
    store.setPolicy(
        KeyRange.prefix(OracleStore.bytes("c/")), policy.withUse(RangePolicy.Use.MERGEABLE));
    store.setPolicy(
        KeyRange.prefix(OracleStore.bytes("e/")), policy.withUse(RangePolicy.Use.EXPIRABLE));
  }
}
