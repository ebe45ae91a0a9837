package io.ppdb.kv.engine;

import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The store's time: the clock's milliseconds, but never going back, not even across restarts.
 *
 * <p>Commits and views take their instants from here, so an instant taken later is never smaller.
 * Thread-safe.
 */
public final class Ticks {
  private final InstantSource clock;
  private final AtomicLong last;

  /**
   * Continues a store's time.
   *
   * @param initialMillis a tick at or above all that the store has used
   */
  public Ticks(InstantSource clock, long initialMillis) {
    this.clock = clock;
    this.last = new AtomicLong(initialMillis);
  }

  /** The greatest tick taken so far, without a look at the clock. */
  long lastMillis() {
    return last.get();
  }

  public long nextMillis() {
    long now = clock.millis();
    long seen = last.get();
    while (now > seen) {
      if (last.compareAndSet(seen, now)) {
        return now;
      }
      seen = last.get();
    }
    return seen;
  }
}
