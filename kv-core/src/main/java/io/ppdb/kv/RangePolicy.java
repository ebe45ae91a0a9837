package io.ppdb.kv;

import java.time.Duration;
import java.time.temporal.ChronoUnit;

/**
 * What a store does with the entries of a range; durable in engines that are.
 *
 * <p>All but the use may be changed at any time, and counts for what is written, or rewritten by
 * the engine, from then on.
 *
 * @param history how long overwritten entries stay readable by AS OF
 * @param use what else than plain puts and deletes the range takes
 * @param placement where the entries live
 * @param eviction what may go when memory is short; only engines with a limit of memory know it,
 *     which are not durable: the others take any for {@link Eviction#NONE}
 * @param blobThresholdBytes length from which on values lie in blob files, in engines that have
 *     them: {@link #STORE_BLOB_THRESHOLD}, or at least {@link #MIN_BLOB_THRESHOLD_BYTES}; of no
 *     effect on what is written already, and in mergeable ranges
 * @param codec how entries are compressed on disk, in engines that do
 * @param defaultExpiry in an expirable range, how long after it is called a put without an expiry
 *     expires, by the store's time; {@link #NEVER} if such a put does not expire. In whole
 *     milliseconds, at most {@link #MAX_DEFAULT_EXPIRY}
 * @param claims what claims of the range's keys are made for, in engines that have the choice; a
 *     mergeable range is made for sharing, whatever it says
 */
public record RangePolicy(
    Duration history,
    Use use,
    Placement placement,
    Eviction eviction,
    int blobThresholdBytes,
    Codec codec,
    Duration defaultExpiry,
    Claims claims) {
  /** The threshold that the store was opened with. */
  public static final int STORE_BLOB_THRESHOLD = 0;

  public static final int MIN_BLOB_THRESHOLD_BYTES = 1 << 10;

  /** The default expiry of what does not expire by default. */
  public static final Duration NEVER = Duration.ZERO;

  public static final Duration MAX_DEFAULT_EXPIRY = Duration.ofDays(365_000);

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

  /**
   * Where entries are read from, in an engine that has the choice; others ignore it. It never says
   * whether they are durable.
   */
  public enum Placement {
    /** All of them are kept in memory too, as far as the engine's limit for that allows. */
    MEMORY,
    /** What was read lately is kept in memory, by blocks. */
    DISK,
    /** What was read lately is kept in memory, by blocks and besides key by key. */
    TIERED
  }

  /** How an engine compresses what it writes to disk. */
  public enum Codec {
    /** As the store was opened with. */
    STORE,
    NONE,
    /** Cheap both ways. */
    LZ4,
    /** Denser and slower. */
    ZSTD
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

  /**
   * What claims cost where engines on several machines have to agree on them. It never decides who
   * conflicts: only how often somebody may get CONFLICT who need not.
   */
  public enum Claims {
    /**
     * Keys that few claim at a time: every claim is cheap, but two shared claims of one key may
     * refuse each other as well.
     */
    EXCLUSIVE,
    /**
     * Keys that many guard or require at a time: shared claims are cheap and hardly ever refuse
     * each other, exclusive ones cost more.
     */
    SHARED
  }

  public RangePolicy {
    Limits.checkNotNull(history, "history of a policy");
    Limits.checkNotNull(use, "use of a policy");
    Limits.checkNotNull(placement, "placement of a policy");
    Limits.checkNotNull(eviction, "eviction of a policy");
    Limits.checkNotNull(codec, "codec of a policy");
    Limits.checkNotNull(claims, "claims of a policy");
    checkDefaultExpiry(defaultExpiry, use);
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

  private static void checkDefaultExpiry(Duration expiry, Use use) {
    Limits.checkNotNull(expiry, "default expiry of a policy");
    boolean isWhole = expiry.equals(expiry.truncatedTo(ChronoUnit.MILLIS));
    if (expiry.isNegative() || expiry.compareTo(MAX_DEFAULT_EXPIRY) > 0 || !isWhole) {
      throw new PpdbException(
          ErrorCode.INVALID_ARGUMENT,
          "default expiry of "
              + expiry
              + ", expected whole milliseconds, at most "
              + MAX_DEFAULT_EXPIRY);
    }
    if (!expiry.isZero() && use != Use.EXPIRABLE) {
      throw new PpdbException(
          ErrorCode.INVALID_ARGUMENT,
          "a default expiry of " + expiry + " for a range that is " + use + ", not EXPIRABLE");
    }
  }

  /** A policy that evicts nothing, and for the rest leaves things to the store. */
  public RangePolicy(Duration history, Use use, Placement placement) {
    this(
        history,
        use,
        placement,
        Eviction.NONE,
        STORE_BLOB_THRESHOLD,
        Codec.STORE,
        NEVER,
        Claims.EXCLUSIVE);
  }

  /** Whether shared claims of one key should not refuse each other. */
  public boolean sharesClaims() {
    // Who asks for merges asks for many of them at a time.
    return claims == Claims.SHARED || use == Use.MERGEABLE;
  }

  public RangePolicy withHistory(Duration newHistory) {
    return new RangePolicy(
        newHistory, use, placement, eviction, blobThresholdBytes, codec, defaultExpiry, claims);
  }

  public RangePolicy withUse(Use newUse) {
    return new RangePolicy(
        history, newUse, placement, eviction, blobThresholdBytes, codec, defaultExpiry, claims);
  }

  public RangePolicy withPlacement(Placement newPlacement) {
    return new RangePolicy(
        history, use, newPlacement, eviction, blobThresholdBytes, codec, defaultExpiry, claims);
  }

  public RangePolicy withEviction(Eviction newEviction) {
    return new RangePolicy(
        history, use, placement, newEviction, blobThresholdBytes, codec, defaultExpiry, claims);
  }

  public RangePolicy withBlobThresholdBytes(int bytes) {
    return new RangePolicy(history, use, placement, eviction, bytes, codec, defaultExpiry, claims);
  }

  public RangePolicy withCodec(Codec newCodec) {
    return new RangePolicy(
        history, use, placement, eviction, blobThresholdBytes, newCodec, defaultExpiry, claims);
  }

  /** In an expirable range only. */
  public RangePolicy withDefaultExpiry(Duration newDefaultExpiry) {
    return new RangePolicy(
        history, use, placement, eviction, blobThresholdBytes, codec, newDefaultExpiry, claims);
  }

  public RangePolicy withClaims(Claims newClaims) {
    return new RangePolicy(
        history, use, placement, eviction, blobThresholdBytes, codec, defaultExpiry, newClaims);
  }
}
