package io.ppdb.server.net;

import java.util.concurrent.Executor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The threads that run requests: made when they are needed, ended when they have been idle.
 *
 * <p>There may be as many as connections, because a request may wait for another connection's: for
 * a lock that only its COMMIT gives back. Thread-safe.
 */
public final class Workers implements Executor, AutoCloseable {
  private static final long IDLE_SECONDS = 30;

  private final ThreadPoolExecutor threads;

  /**
   * @param maxCount most threads at a time
   */
  public Workers(int maxCount) {
    AtomicInteger number = new AtomicInteger();
    this.threads =
        new ThreadPoolExecutor(
            0,
            maxCount,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new SynchronousQueue<>(),
            task -> {
              Thread thread = new Thread(task, "ppdb-worker-" + number.incrementAndGet());
              thread.setDaemon(true);
              return thread;
            });
  }

  @Override
  public void execute(Runnable task) {
    threads.execute(task);
  }

  /** How many threads there are. */
  public int count() {
    return threads.getPoolSize();
  }

  /** Takes no more tasks; those under way go on. */
  @Override
  public void close() {
    threads.shutdown();
  }
}
