package io.ppdb.relational.exec;

import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.PpdbException;

/**
 * The bytes that the operators of one statement may hold at once.
 *
 * <p>Operators charge what they keep beyond one batch, in steps, and release it when they close.
 * Not thread-safe: a statement runs on one thread.
 */
public final class MemoryBudget {
  private final long limitBytes;
  private long usedBytes;
  private long peakBytes;

  public MemoryBudget(long limitBytes) {
    this.limitBytes = limitBytes;
  }

  /**
   * Charges {@code bytes} to this statement.
   *
   * @param holder what takes the memory, for the error message
   * @throws PpdbException MEMORY_LIMIT if the statement would hold more than its limit
   */
  public void charge(long bytes, String holder) {
    if (usedBytes + bytes > limitBytes) {
      throw new PpdbException(
          ErrorCode.MEMORY_LIMIT,
          holder
              + " needs "
              + bytes
              + " bytes more; the statement holds "
              + usedBytes
              + " of at most "
              + limitBytes);
    }
    usedBytes += bytes;
    peakBytes = Math.max(peakBytes, usedBytes);
  }

  public void release(long bytes) {
    usedBytes -= bytes;
  }

  public long limitBytes() {
    return limitBytes;
  }

  public long usedBytes() {
    return usedBytes;
  }

  /** The most that was held at once. */
  public long peakBytes() {
    return peakBytes;
  }
}
