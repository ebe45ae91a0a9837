package io.ppdb.kv;

import java.time.Duration;

/**
 * What a store does with the entries of a range; durable.
 *
 * @param history how long overwritten entries stay readable by AS OF
 * @param use what else than plain puts and deletes the range takes
 * @param placement where the entries live
 */
public record RangePolicy(Duration history, Use use, Placement placement) {
  /** Ten minutes of history, plain, on disk. */
  public static final RangePolicy DEFAULT =
      new RangePolicy(Duration.ofMinutes(10), Use.PLAIN, Placement.DISK);

  /** A range is mergeable or expirable, never both. */
  public enum Use {
    /** Puts without expiry, and deletes. */
    PLAIN,
    /** Besides: merges, one operator per key. */
    MERGEABLE,
    /** Besides: puts with expiry. */
    EXPIRABLE
  }

  /** Where entries live in an engine that has the choice; others ignore it. */
  public enum Placement {
    MEMORY,
    DISK,
    TIERED
  }

  public RangePolicy withHistory(Duration newHistory) {
    return new RangePolicy(newHistory, use, placement);
  }

  public RangePolicy withUse(Use newUse) {
    return new RangePolicy(history, newUse, placement);
  }

  public RangePolicy withPlacement(Placement newPlacement) {
    return new RangePolicy(history, use, newPlacement);
  }
}
