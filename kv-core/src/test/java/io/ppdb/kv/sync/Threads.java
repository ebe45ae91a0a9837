package io.ppdb.kv.sync;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/** Threads that begin together. */
final class Threads {
  private static final long MAX_SECONDS = 60;

  private Threads() {}

  /** What a thread does, given its number. */
  interface Task {
    void run(int thread) throws Exception;
  }

  /** The seed given with {@code -Dppdb.seed=}, else a new one. */
  static long seed() {
    Long given = Long.getLong("ppdb.seed");
    return given != null ? given : System.nanoTime();
  }

  /** Runs the task in {@code count} threads; fails as the first of them fails, or if one hangs. */
  static void run(int count, Task task) {
    AtomicReference<Throwable> failure = new AtomicReference<>();
    CountDownLatch start = new CountDownLatch(1);
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int number = i;
      Thread thread =
          new Thread(
              () -> {
                try {
                  start.await();
                  task.run(number);
                } catch (Throwable e) {
                  failure.compareAndSet(null, e);
                }
              },
              "test-" + i);
      thread.setDaemon(true);
      threads.add(thread);
      thread.start();
    }
    start.countDown();
    try {
      long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(MAX_SECONDS);
      for (Thread thread : threads) {
        thread.join(Math.max(1, TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime())));
        if (thread.isAlive()) {
          AssertionError hangs = new AssertionError(thread.getName() + " hangs");
          hangs.setStackTrace(thread.getStackTrace());
          throw hangs;
        }
      }
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
    if (failure.get() != null) {
      throw new AssertionError(failure.get());
    }
  }

  /** Passes a little time, on the processor. */
  static void spin(int steps) {
    for (int i = 0; i < steps; i++) {
      Thread.onSpinWait();
    }
  }
}
