package io.ppdb.hbase.omid;

import io.ppdb.kv.StoreOptions;
import java.time.InstantSource;

/**
 * The time by which a store judges what has expired, and which never goes back: that of the oracle,
 * whatever clocks the gateways have. A clock that was asked for in the options counts instead.
 * Thread-safe.
 */
final class StoreTime {
  private static final long NANOS_PER_MILLI = 1_000_000;

  private final InstantSource clock;
  private final boolean isOracles;

  /** The latest time that was seen, and when: guarded by this. */
  private long seenMillis;

  private long seenNanos;

  StoreTime(InstantSource clock) {
    this.clock = clock;
    this.isOracles = clock == StoreOptions.DEFAULT.clock();
  }

  /** The instant of a view that the oracle gave {@code startTimestamp}. */
  synchronized long instantMillis(long startTimestamp) {
    long millis = isOracles ? OmidView.millis(startTimestamp) : clock.millis();
    if (millis > seenMillis) {
      seenMillis = millis;
      seenNanos = System.nanoTime();
    }
    return seenMillis;
  }

  /** The time now: of the view opened last, and as much later as it is now. */
  synchronized long nowMillis() {
    return isOracles
        ? seenMillis + (System.nanoTime() - seenNanos) / NANOS_PER_MILLI
        : Math.max(seenMillis, clock.millis());
  }
}
