package io.ppdb.jdbc;

import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * The clock behind {@link java.sql.Statement#setQueryTimeout}: cancels a statement whose execution
 * and fetches together have run for longer than its budget. One daemon thread serves all.
 */
final class StatementTimer {
  private static final ScheduledThreadPoolExecutor CLOCK = newClock();

  private final Runnable cancel;
  private long remainingNanos;
  private volatile boolean expired;

  /** A budget of {@code seconds}; {@code cancel} runs on another thread when it is used up. */
  StatementTimer(int seconds, Runnable cancel) {
    this.cancel = cancel;
    remainingNanos = TimeUnit.SECONDS.toNanos(seconds);
  }

  /** A stretch of running time, from its making to {@link #end}. */
  final class Stretch {
    private final long startNanos = System.nanoTime();
    private final ScheduledFuture<?> alarm =
        CLOCK.schedule(this::expire, remainingNanos, TimeUnit.NANOSECONDS);
    private boolean ended;

    /** An alarm that comes too late must not hit what the statement runs next. */
    private synchronized void expire() {
      if (!ended) {
        expired = true;
        cancel.run();
      }
    }

    synchronized void end() {
      ended = true;
      alarm.cancel(false);
      remainingNanos = Math.max(0, remainingNanos - (System.nanoTime() - startNanos));
    }
  }

  Stretch start() {
    return new Stretch();
  }

  boolean isExpired() {
    return expired;
  }

  private static ScheduledThreadPoolExecutor newClock() {
    ScheduledThreadPoolExecutor clock =
        new ScheduledThreadPoolExecutor(
            1,
            work -> {
              Thread thread = new Thread(work, "ppdb-jdbc-timeouts");
              thread.setDaemon(true);
              return thread;
            });
    clock.setRemoveOnCancelPolicy(true);
    return clock;
  }
}
