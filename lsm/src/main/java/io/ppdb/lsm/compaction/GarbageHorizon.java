package io.ppdb.lsm.compaction;

import io.ppdb.kv.KeyRange;
import io.ppdb.kv.engine.Horizon;
import io.ppdb.kv.engine.Horizons;
import io.ppdb.kv.engine.TimeIndex;

/**
 * What no view needs any more at some moment, and since when.
 *
 * @param horizons of that moment
 * @param times which version was the newest when
 * @param nowMillis the tick of that moment
 */
public record GarbageHorizon(Horizons horizons, TimeIndex times, long nowMillis) {
  /** The least horizon in {@code bounds}. */
  Horizon of(KeyRange bounds) {
    return horizons.lowest(bounds);
  }

  /**
   * Up to when a horizon at {@code version} has forgotten: until the next version came, or now if
   * none did.
   */
  long reachedMillis(long version) {
    return version < times.lastVersion() ? times.timeOf(version + 1) : nowMillis;
  }
}
