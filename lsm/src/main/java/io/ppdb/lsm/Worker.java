package io.ppdb.lsm;

import io.ppdb.lsm.vfs.DiskFullException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * A thread that does one kind of background work whenever it is signalled, and now and then.
 *
 * <p>A full disk is waited out; any other failure ends the work and is reported once.
 */
final class Worker {
  /** One piece of the work. */
  interface Task {
    /** Returns whether there may be more to do at once. */
    boolean run() throws Exception;
  }

  private static final long DISK_FULL_PAUSE_MILLIS = TimeUnit.SECONDS.toMillis(1);

  private final long pollMillis;
  private final Task task;
  private final Consumer<? super Throwable> onFailure;
  private final Thread thread;

  // Guarded by this.
  private boolean signalled;
  private boolean stopped;

  /** Whether the last piece of work found no space. */
  private volatile boolean diskFull;

  /**
   * A worker that is not started yet.
   *
   * @param pollMillis how long after the last look it looks again without a signal
   */
  Worker(String name, long pollMillis, Task task, Consumer<? super Throwable> onFailure) {
    this.pollMillis = pollMillis;
    this.task = task;
    this.onFailure = onFailure;
    this.thread = new Thread(this::loop, name);
    thread.setDaemon(true);
  }

  void start() {
    thread.start();
  }

  synchronized void signal() {
    signalled = true;
    notifyAll();
  }

  boolean isDiskFull() {
    return diskFull;
  }

  /** Whether {@link #stop} was called: long work asks now and then. */
  synchronized boolean isStopped() {
    return stopped;
  }

  /** Ends the thread, having waited for what it is at. */
  void stop() {
    synchronized (this) {
      stopped = true;
      notifyAll();
    }
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void loop() {
    try {
      while (awaitSignal()) {
        try {
          while (!isStopped() && task.run()) {
            diskFull = false;
          }
          diskFull = false;
        } catch (DiskFullException e) {
          diskFull = true;
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      onFailure.accept(e);
    } catch (Throwable e) {
      // Errors too: whoever waits for this work would wait for ever.
      onFailure.accept(e);
    }
  }

  /** Waits for a signal, or for a while; false when stopped. */
  private synchronized boolean awaitSignal() throws InterruptedException {
    long pauseMillis = diskFull ? Math.min(DISK_FULL_PAUSE_MILLIS, pollMillis) : pollMillis;
    long deadlineNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(pauseMillis);
    while (!signalled && !stopped) {
      long restNanos = deadlineNanos - System.nanoTime();
      if (restNanos <= 0) {
        break;
      }
      TimeUnit.NANOSECONDS.timedWait(this, restNanos);
    }
    signalled = false;
    return !stopped;
  }
}
