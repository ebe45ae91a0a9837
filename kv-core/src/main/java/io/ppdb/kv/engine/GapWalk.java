package io.ppdb.kv.engine;

import io.ppdb.kv.KeyRange;
import io.ppdb.kv.Slice;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * One walk of a cursor from where it was put to the next visible key, as far as gaps are concerned:
 * counts the keys that it passes over, finds gaps to jump, and leaves one behind. Reused for the
 * next walk; not thread-safe.
 */
final class GapWalk {
  private final Gaps gaps;
  private final long version;

  /** Keys passed over in this walk, and those of them since the last jump. */
  private int stepCount;

  private int stepsSinceJump;

  /** Where the walk asked for a gap first. */
  private byte @Nullable [] firstKey;

  /** Whether every view from this one on passes over the same keys. */
  private boolean isLasting;

  GapWalk(Gaps gaps, long version) {
    this.gaps = gaps;
    this.version = version;
  }

  void begin() {
    stepCount = 0;
    stepsSinceJump = 0;
    firstKey = null;
    isLasting = true;
  }

  /** A key was invisible only because of the instant of this view. */
  void sawExpired() {
    isLasting = false;
  }

  /**
   * The walk passes over {@code key}.
   *
   * @return the gap that it may jump over, or null: then it goes on by one key
   */
  Gaps.@Nullable Gap pass(Slice key) {
    stepsSinceJump++;
    if (++stepCount % Gaps.STEPS_BEFORE_LOOK != 0) {
      return null;
    }
    if (firstKey == null) {
      firstKey = key.toByteArray();
    }
    Gaps.Gap gap = gaps.around(key, version);
    if (gap != null) {
      stepsSinceJump = 0;
    }
    return gap;
  }

  /** A walk forward ended at {@code visible}. */
  void endForward(Slice visible) {
    if (isWorthwhile()) {
      endForward(visible.toByteArray());
    }
  }

  /** A walk forward passed over all keys before {@code end}; null: over all that there are. */
  void endForward(byte @Nullable [] end) {
    byte[] first = firstKey;
    if (first != null && isWorthwhile()) {
      gaps.found(KeyRange.between(first, end), version);
    }
  }

  /** A walk backward ended at {@code visible}. */
  void endBackward(Slice visible) {
    if (isWorthwhile()) {
      endBackward(after(visible.toByteArray()));
    }
  }

  /** A walk backward passed over all keys from {@code start} on. */
  void endBackward(byte[] start) {
    byte[] first = firstKey;
    if (first != null && isWorthwhile()) {
      gaps.found(KeyRange.between(start, after(first)), version);
    }
  }

  private boolean isWorthwhile() {
    return isLasting && stepsSinceJump >= Gaps.WORTHWHILE_STEPS;
  }

  /** The least key greater than {@code key}. */
  private static byte[] after(byte[] key) {
    return Arrays.copyOf(key, key.length + 1);
  }
}
