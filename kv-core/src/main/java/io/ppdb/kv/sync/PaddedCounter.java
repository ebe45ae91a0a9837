package io.ppdb.kv.sync;

import java.util.concurrent.atomic.LongAdder;

/**
 * A number that many threads add to and few read: its parts lie in cache lines of their own, so
 * that adding threads do not wait for each other.
 *
 * <p>{@link #sum} is exact when no thread is adding; otherwise it has each addition that happened
 * before it, and any part of those under way. It costs a walk over the parts: not for a limit that
 * every operation looks at. Thread-safe.
 *
 * <p>The parts are the JDK's, which begin as one field and only spread when threads collide: a
 * store has many counters, few of which are contended.
 */
public final class PaddedCounter {
  private final LongAdder parts = new LongAdder();

  public void increment() {
    parts.increment();
  }

  public void add(long delta) {
    parts.add(delta);
  }

  public long sum() {
    return parts.sum();
  }

  @Override
  public String toString() {
    return Long.toString(sum());
  }
}
