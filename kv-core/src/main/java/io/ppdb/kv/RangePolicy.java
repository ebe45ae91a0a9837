package io.ppdb.kv;

import java.time.Duration;

/**
 * What a store does with the entries of a range; durable.
 *
 * @param history how long overwritten entries stay readable by AS OF
 * @param use what else than plain puts and deletes the range takes
 * @param placement where the entries live
 * @param eviction what may go when memory is short; only engines with a limit of memory know it,
 *     which are not durable: the others take any for {@link Eviction#NONE}
 * @param blobThresholdBytes length from which on values lie in blob files, in engines that have
 *     them: {@link #STORE_BLOB_THRESHOLD}, or at least {@link #MIN_BLOB_THRESHOLD_BYTES}; of no
 *     effect on what is written already, and in mergeable ranges
 */
public record RangePolicy(
    Duration history, Use use, Placement placement, Eviction eviction, int blobThresholdBytes) {
  /** The threshold that the store was opened with. */
  public static final int STORE_BLOB_THRESHOLD = 0;

  public static final int MIN_BLOB_THRESHOLD_BYTES = 1 << 10;

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

  /** What an engine whose memory is limited deletes to make room. */
  public enum Eviction {
    /** Nothing: commits that do not fit fail with MEMORY_LIMIT. */
    NONE,
    /** What was not read or written for longest, about. The range keeps no history. */
    LRU,
    /** What was read and written least often, lately, about. The range keeps no history. */
    LFU
  }

  public RangePolicy {
    Limits.checkNotNull(history, "history of a policy");
    Limits.checkNotNull(use, "use of a policy");
    Limits.checkNotNull(placement, "placement of a policy");
    Limits.checkNotNull(eviction, "eviction of a policy");
    if (history.isNegative()) {
      throw new PpdbException(
          ErrorCode.INVALID_ARGUMENT, "the history of a policy is " + history + ", at least 0");
    }
    if (blobThresholdBytes != STORE_BLOB_THRESHOLD
        && blobThresholdBytes < MIN_BLOB_THRESHOLD_BYTES) {
      throw new PpdbException(
          ErrorCode.INVALID_ARGUMENT,
          "blob threshold of "
              + blobThresholdBytes
              + " bytes, expected at least "
              + MIN_BLOB_THRESHOLD_BYTES);
    }
  }

  /** A policy that evicts nothing, with the store's threshold for blobs. */
  public RangePolicy(Duration history, Use use, Placement placement) {
    this(history, use, placement, Eviction.NONE, STORE_BLOB_THRESHOLD);
  }

  public RangePolicy withEviction(Eviction newEviction) {
    return new RangePolicy(history, use, placement, newEviction, blobThresholdBytes);
  }

  public RangePolicy withHistory(Duration newHistory) {
    return new RangePolicy(newHistory, use, placement, eviction, blobThresholdBytes);
  }

  public RangePolicy withUse(Use newUse) {
    return new RangePolicy(history, newUse, placement, eviction, blobThresholdBytes);
  }

  public RangePolicy withPlacement(Placement newPlacement) {
    return new RangePolicy(history, use, newPlacement, eviction, blobThresholdBytes);
  }

  public RangePolicy withBlobThresholdBytes(int bytes) {
    return new RangePolicy(history, use, placement, eviction, bytes);
  }
}
