package io.ppdb.relational.lock;

import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.PpdbException;
import io.ppdb.relational.lock.RowLocks.LockRequest;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Holds locks of rows for the transaction of a session, one after the other. Used by the thread of
 * its session; what the table of locks keeps here is guarded by the mutex of that.
 */
public final class LockOwner {
  private final RowLocks locks;

  /** What it has locked; guarded by the table's mutex. */
  private final Set<ByteBuffer> rows = new HashSet<>();

  /** What it waits for; guarded by the table's mutex. */
  private @Nullable LockRequest wanted;

  /** Whether somebody it waited for has committed; guarded by the table's mutex. */
  private boolean isOutdated;

  /** Rows that are written are not locked any more by who has locked so many. */
  private static final int MAX_WRITTEN_ROWS = 10_000;

  private long timeoutMillis;
  private boolean locksWrites;
  private int writtenCount;
  private boolean holdsLocks;
  private boolean hasWritten;

  LockOwner(RowLocks locks) {
    this.locks = locks;
  }

  /** How long a statement waits for a lock; 0 for ever. */
  public long timeoutMillis() {
    return timeoutMillis;
  }

  public void setTimeoutMillis(long millis) {
    timeoutMillis = millis;
  }

  /** Whether the rows that its transaction writes are locked, too. */
  public boolean locksWrites() {
    return locksWrites;
  }

  public void setLocksWrites(boolean locks) {
    locksWrites = locks;
  }

  /** Its transaction writes: of a row that looks changed it may itself have been the one. */
  public void noteWrite() {
    hasWritten = true;
  }

  public boolean hasWritten() {
    return hasWritten;
  }

  /**
   * Locks the row with {@code key} until {@link #release}; CONFLICT if it waited for a transaction
   * that has committed since this one's view was taken, DEADLOCK_DETECTED or LOCK_NOT_AVAILABLE if
   * it would wait for ever or too long.
   *
   * @param table what messages call the row's table
   * @param check throws if the statement is to end; run now and then while it waits
   * @return false if somebody else has locked it and {@code wait} says to skip such rows
   */
  public boolean lock(
      byte[] key, LockStrength strength, LockWait wait, String table, Runnable check) {
    holdsLocks = true;
    return acquire(new LockRequest(key, strength, wait, table), true, check);
  }

  /**
   * Waits as long as somebody else has locked the row with {@code key}, which is to be written;
   * locks it if the transaction locks what it writes.
   *
   * @param strength how who only reads the row would lock it for that
   */
  public void awaitWritable(byte[] key, LockStrength strength, String table, Runnable check) {
    if (locksWrites && writtenCount < MAX_WRITTEN_ROWS) {
      writtenCount++;
      lock(key, strength, LockWait.WAIT, table, check);
    } else if (!locks.isEmpty()) {
      acquire(new LockRequest(key, strength, LockWait.WAIT, table), false, check);
    }
  }

  private boolean acquire(LockRequest request, boolean take, Runnable check) {
    boolean acquired;
    try {
      acquired = locks.acquire(this, request, take, timeoutMillis, check);
    } catch (PpdbException e) {
      if (e.code() == ErrorCode.DEADLOCK_DETECTED) {
        release(false); // the other one can go on
      }
      throw e;
    }
    if (isOutdated) {
      isOutdated = false;
      throw changed(request.table());
    }
    return acquired;
  }

  /** The error of who finds a row of {@code table} changed since his view was taken. */
  public static PpdbException changed(String table) {
    return new PpdbException(
        ErrorCode.CONFLICT,
        "could not serialize access due to concurrent update: a row of relation \""
            + table
            + "\" was changed or locked after this transaction began; try again");
  }

  /**
   * Gives back all locks.
   *
   * @param committed whether the transaction that held them was
   */
  public void release(boolean committed) {
    hasWritten = false;
    writtenCount = 0;
    if (holdsLocks) {
      holdsLocks = false;
      locks.release(this, committed);
    }
  }

  Set<ByteBuffer> rows() {
    return rows;
  }

  @Nullable LockRequest wanted() {
    return wanted;
  }

  void setWanted(@Nullable LockRequest request) {
    wanted = request;
  }

  void setOutdated() {
    isOutdated = true;
  }
}
