package io.ppdb.relational.lock;

import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.PpdbException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Which rows are locked, by whom and how strongly: one table for all sessions of an engine.
 * Thread-safe; every method of {@link LockOwner} ends here.
 *
 * <p>One mutex guards everything: rows are locked by the hundred, not by the million. Who releases
 * his locks hands them on to those who wait for them, the first ones first, and wakes nobody else.
 * Who would wait for somebody that waits for him gets DEADLOCK_DETECTED instead.
 */
public final class RowLocks {
  /** After which who waits looks whether his statement was cancelled. */
  private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

  private record Holder(LockOwner owner, LockStrength strength) {}

  /** How somebody waits; guarded by {@link #mutex}. */
  private static final class Waiter {
    final LockRequest request;
    final boolean takes;
    final Condition granting;
    boolean isGranted;

    Waiter(LockRequest request, boolean takes, Condition granting) {
      this.request = request;
      this.takes = takes;
      this.granting = granting;
    }
  }

  private final ReentrantLock mutex = new ReentrantLock();

  /** By the key of the row; guarded by {@link #mutex}. */
  private final Map<ByteBuffer, List<Holder>> holders = new HashMap<>();

  /** Those who wait, the first one first; guarded by {@link #mutex}. */
  private final Map<LockOwner, Waiter> waiting = new LinkedHashMap<>();

  /** Read racily by writers, for whom a row that is locked at this moment may be free. */
  private volatile boolean isEmpty = true;

  /** Somebody who can hold locks: a session. */
  public LockOwner newOwner() {
    return new LockOwner(this);
  }

  /** Whether nobody has locked anything. */
  boolean isEmpty() {
    return isEmpty;
  }

  /**
   * Waits until {@code owner} may have the lock, and gives it to him if {@code take}.
   *
   * @return false if he may not and skips what is locked
   */
  boolean acquire(
      LockOwner owner, LockRequest request, boolean take, long timeoutMillis, Runnable check) {
    mutex.lock();
    try {
      if (!isFree(owner, request)) {
        switch (request.waiting()) {
          case SKIP_LOCKED -> {
            return false;
          }
          case NOWAIT ->
              throw new PpdbException(
                  ErrorCode.LOCK_NOT_AVAILABLE,
                  "could not obtain lock on row in relation \"" + request.table() + "\"");
          case WAIT -> {
            awaitGrant(owner, request, take, timeoutMillis, check);
            return true;
          }
        }
      }
      if (take) {
        put(owner, request.key(), request.strength());
      }
      return true;
    } finally {
      mutex.unlock();
    }
  }

  private void awaitGrant(
      LockOwner owner, LockRequest request, boolean take, long timeoutMillis, Runnable check) {
    long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(timeoutMillis);
    Waiter waiter = new Waiter(request, take, mutex.newCondition());
    owner.setWanted(request);
    waiting.put(owner, waiter);
    try {
      while (!waiter.isGranted) {
        if (waitsForItself(owner)) {
          throw new PpdbException(
              ErrorCode.DEADLOCK_DETECTED,
              "deadlock detected: this transaction waits for a row of relation \""
                  + request.table()
                  + "\" that is locked by one that waits for this one");
        }
        check.run();
        long left = timeoutMillis == 0 ? LOOK_NANOS : deadline - System.nanoTime();
        if (left <= 0) {
          throw new PpdbException(
              ErrorCode.LOCK_NOT_AVAILABLE,
              "canceling statement due to lock timeout: waited "
                  + timeoutMillis
                  + " ms for a row of relation \""
                  + request.table()
                  + "\"");
        }
        long unused = waiter.granting.awaitNanos(Math.min(LOOK_NANOS, left));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new PpdbException(
          ErrorCode.CANCELLED, "the thread was interrupted as it waited for a lock", e);
    } finally {
      waiting.remove(owner);
      owner.setWanted(null);
    }
  }

  private boolean isFree(LockOwner owner, LockRequest request) {
    return blockers(owner, request).isEmpty();
  }

  private List<LockOwner> blockers(LockOwner owner, LockRequest request) {
    List<LockOwner> blockers = new ArrayList<>();
    for (Holder holder : holders.getOrDefault(ByteBuffer.wrap(request.key()), List.of())) {
      if (holder.owner != owner && holder.strength.conflictsWith(request.strength())) {
        blockers.add(holder.owner);
      }
    }
    return blockers;
  }

  private boolean waitsForItself(LockOwner owner) {
    Deque<LockOwner> open = new ArrayDeque<>(List.of(owner));
    Set<LockOwner> seen = new HashSet<>();
    while (!open.isEmpty()) {
      LockOwner next = open.pop();
      LockRequest wanted = next.wanted();
      if (wanted == null) {
        continue;
      }
      for (LockOwner blocker : blockers(next, wanted)) {
        if (blocker == owner) {
          return true;
        }
        if (seen.add(blocker)) {
          open.push(blocker);
        }
      }
    }
    return false;
  }

  private void put(LockOwner owner, byte[] key, LockStrength strength) {
    ByteBuffer row = ByteBuffer.wrap(key);
    List<Holder> known = holders.computeIfAbsent(row, unused -> new ArrayList<>(1));
    for (int i = 0; i < known.size(); i++) {
      Holder holder = known.get(i);
      if (holder.owner == owner) {
        if (strength.compareTo(holder.strength) > 0) {
          known.set(i, new Holder(owner, strength));
        }
        return;
      }
    }
    known.add(new Holder(owner, strength));
    owner.rows().add(row);
    isEmpty = false;
  }

  /**
   * Takes from {@code owner} all he has.
   *
   * @param committed whether his transaction was: those who wait for him then have a view that is
   *     older than what he did
   */
  void release(LockOwner owner, boolean committed) {
    mutex.lock();
    try {
      if (committed) {
        waiting.forEach(
            (other, waiter) -> {
              if (!waiter.isGranted && blockers(other, waiter.request).contains(owner)) {
                other.setOutdated();
              }
            });
      }
      for (ByteBuffer row : owner.rows()) {
        List<Holder> left = holders.get(row);
        if (left != null) {
          left.removeIf(holder -> holder.owner == owner);
          if (left.isEmpty()) {
            holders.remove(row);
          }
        }
      }
      owner.rows().clear();
      isEmpty = holders.isEmpty();
      waiting.forEach(this::grantIfFree);
    } finally {
      mutex.unlock();
    }
  }

  private void grantIfFree(LockOwner owner, Waiter waiter) {
    if (!waiter.isGranted && isFree(owner, waiter.request)) {
      waiter.isGranted = true;
      owner.setWanted(null);
      if (waiter.takes) {
        put(owner, waiter.request.key(), waiter.request.strength());
      }
      waiter.granting.signal();
    }
  }

  /** How many rows are locked. */
  public int size() {
    mutex.lock();
    try {
      return holders.size();
    } finally {
      mutex.unlock();
    }
  }

  /**
   * What somebody wants of a row.
   *
   * @param table what messages call the table of the row
   */
  record LockRequest(byte[] key, LockStrength strength, LockWait waiting, String table) {}
}
