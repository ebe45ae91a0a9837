package io.ppdb.kv.engine;

import java.time.Instant;

/**
 * A bound below which entries may be forgotten: every view that may read is at or above it.
 *
 * @param version below the newest entry up to this version nothing is seen by a view
 * @param instantMillis what expires up to here is seen by no view: it counts as deleted; {@link
 *     Long#MIN_VALUE} where nothing expires
 */
public record Horizon(long version, long instantMillis) {
  /** Whether a view at (version, instant) is at or above this horizon. */
  boolean admits(long viewVersion, long viewMillis) {
    return viewVersion >= version && viewMillis >= instantMillis;
  }

  /** Both parts advanced to at least those of {@code other}; neither goes back. */
  Horizon advancedTo(Horizon other) {
    return version >= other.version && instantMillis >= other.instantMillis
        ? this
        : new Horizon(
            Math.max(version, other.version), Math.max(instantMillis, other.instantMillis));
  }

  @Override
  public String toString() {
    return "version "
        + version
        + (instantMillis == Long.MIN_VALUE
            ? ""
            : ", instant " + Instant.ofEpochMilli(instantMillis));
  }
}
