package io.ppdb.lsm;

import java.time.DateTimeException;
import java.time.Instant;

/**
 * Up to where a store is restored: every commit at or before a version, and at or before a time.
 *
 * @param version no limit if it is {@link Long#MAX_VALUE}
 * @param millis the tick of commits, epoch milliseconds; no limit if it is {@link Long#MAX_VALUE}
 */
public record RestorePoint(long version, long millis) {
  /** All there is. */
  public static final RestorePoint LATEST = new RestorePoint(Long.MAX_VALUE, Long.MAX_VALUE);

  /** What the store was at {@code version}. */
  public static RestorePoint atVersion(long version) {
    return new RestorePoint(version, Long.MAX_VALUE);
  }

  /** What the store was at {@code time}; what is finer than a millisecond does not count. */
  public static RestorePoint atTime(Instant time) {
    try {
      return new RestorePoint(Long.MAX_VALUE, time.toEpochMilli());
    } catch (ArithmeticException e) {
      throw new DateTimeException("too far away: " + time, e);
    }
  }

  boolean includes(long commitVersion, long commitMillis) {
    return commitVersion <= version && commitMillis <= millis;
  }
}
