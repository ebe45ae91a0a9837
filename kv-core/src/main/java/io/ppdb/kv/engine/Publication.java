package io.ppdb.kv.engine;

import java.util.ArrayDeque;
import java.util.concurrent.locks.LockSupport;

/**
 * Makes commits visible in version order, whatever order they are applied in.
 *
 * <p>The published version is the one that new views show: every commit up to it is applied, or
 * void. Thread-safe.
 */
final class Publication {
  /** Commits that have a version and are not published, oldest first; also the monitor. */
  private final ArrayDeque<Commit> pending = new ArrayDeque<>();

  private volatile long published;

  Publication(long initialVersion) {
    this.published = initialVersion;
  }

  long published() {
    return published;
  }

  /** Announces a commit; in version order, so under the commit lock. */
  void announce(Commit commit) {
    synchronized (pending) {
      pending.addLast(commit);
    }
  }

  /** Lets publication pass over {@code commit}: it is applied, or void. */
  void settle(Commit commit) {
    synchronized (pending) {
      commit.settled = true;
      for (Commit head = pending.peekFirst(); head != null && head.settled; ) {
        pending.pollFirst();
        published = head.version();
        Thread waiter = head.waiter;
        if (waiter != null) {
          LockSupport.unpark(waiter);
        }
        head = pending.peekFirst();
      }
      if (pending.isEmpty()) {
        pending.notifyAll();
      }
    }
  }

  /** Waits until {@code commit}, which is settled, is published. */
  void await(Commit commit) {
    if (published >= commit.version()) {
      return;
    }
    commit.waiter = Thread.currentThread();
    boolean interrupted = false;
    while (published < commit.version()) {
      LockSupport.park(this);
      interrupted |= Thread.interrupted();
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** Waits until nothing is pending; no new commit may be announced meanwhile. */
  void awaitEmpty() {
    boolean interrupted = false;
    synchronized (pending) {
      while (!pending.isEmpty()) {
        try {
          pending.wait();
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
