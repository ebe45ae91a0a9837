package io.ppdb.lsm.compaction;

import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.PpdbException;
import java.time.Duration;

/**
 * The shape that compaction gives the tree, and what it may cost. None of it is persistent: every
 * opening of a store may ask for another shape, which the tree then takes on bit by bit.
 *
 * @param levelZeroTrigger tables in level 0 that call for a compaction
 * @param levelOneBytes size that level 1 may have
 * @param levelMultiplier how many times larger each further level may be
 * @param tableBytes size at which a table ends, or up to a half more or less, if one of the level
 *     below begins there
 * @param runsPerLevel sorted runs of about one size that are merged into one: 1 is <em>leveled</em>
 *     (few runs to read, more writing), 2 and more is <em>tiered</em> (less writing, more runs)
 * @param deleteWithin when a delete and what it deleted are gone from the disk at the latest,
 *     counted from the end of the range's history
 * @param maxSubcompactions into how many pieces, merged in parallel, a compaction is cut at most
 * @param bytesPerSecond what compactions may write; {@link #UNLIMITED} for no limit
 */
public record CompactionOptions(
    int levelZeroTrigger,
    long levelOneBytes,
    int levelMultiplier,
    long tableBytes,
    int runsPerLevel,
    Duration deleteWithin,
    int maxSubcompactions,
    long bytesPerSecond) {
  public static final long UNLIMITED = 0;

  /** More runs than there are levels to have them. */
  private static final int MAX_RUNS_PER_LEVEL = 32;

  private static final int MAX_DEFAULT_SUBCOMPACTIONS = 4;

  /** Leveled; deletes are gone within a day. */
  public static final CompactionOptions DEFAULT = new CompactionOptions(4, 128 << 20, 10, 16 << 20);

  public CompactionOptions {
    check(levelZeroTrigger >= 1, "level 0 trigger", levelZeroTrigger, "at least 1");
    check(levelOneBytes >= 1, "size of level 1", levelOneBytes, "at least 1");
    check(levelMultiplier >= 2, "level multiplier", levelMultiplier, "at least 2");
    check(tableBytes >= 1, "table size", tableBytes, "at least 1");
    check(
        runsPerLevel >= 1 && runsPerLevel <= MAX_RUNS_PER_LEVEL,
        "runs per level",
        runsPerLevel,
        "1 to " + MAX_RUNS_PER_LEVEL);
    check(
        deleteWithin.compareTo(Duration.ofMillis(1)) >= 0,
        "time within which deletes are gone",
        deleteWithin,
        "at least 1 ms");
    check(maxSubcompactions >= 1, "subcompactions", maxSubcompactions, "at least 1");
    check(bytesPerSecond >= UNLIMITED, "compaction rate", bytesPerSecond, "at least 0");
  }

  /** Leveled, unlimited, with the defaults of what is not said. */
  public CompactionOptions(
      int levelZeroTrigger, long levelOneBytes, int levelMultiplier, long tableBytes) {
    this(
        levelZeroTrigger,
        levelOneBytes,
        levelMultiplier,
        tableBytes,
        1,
        Duration.ofDays(1),
        defaultSubcompactions(),
        UNLIMITED);
  }

  /** Half of the processors: the others are for who reads and writes. */
  private static int defaultSubcompactions() {
    int half = Runtime.getRuntime().availableProcessors() / 2;
    return Math.max(1, Math.min(half, MAX_DEFAULT_SUBCOMPACTIONS));
  }

  private static void check(boolean valid, String what, Object seen, String expected) {
    if (!valid) {
      throw new PpdbException(
          ErrorCode.INVALID_ARGUMENT, what + " is " + seen + ", expected " + expected);
    }
  }

  public boolean isTiered() {
    return runsPerLevel > 1;
  }

  public CompactionOptions withRunsPerLevel(int runs) {
    return new CompactionOptions(
        levelZeroTrigger,
        levelOneBytes,
        levelMultiplier,
        tableBytes,
        runs,
        deleteWithin,
        maxSubcompactions,
        bytesPerSecond);
  }

  public CompactionOptions withDeleteWithin(Duration duration) {
    return new CompactionOptions(
        levelZeroTrigger,
        levelOneBytes,
        levelMultiplier,
        tableBytes,
        runsPerLevel,
        duration,
        maxSubcompactions,
        bytesPerSecond);
  }

  public CompactionOptions withMaxSubcompactions(int count) {
    return new CompactionOptions(
        levelZeroTrigger,
        levelOneBytes,
        levelMultiplier,
        tableBytes,
        runsPerLevel,
        deleteWithin,
        count,
        bytesPerSecond);
  }

  public CompactionOptions withBytesPerSecond(long bytes) {
    return new CompactionOptions(
        levelZeroTrigger,
        levelOneBytes,
        levelMultiplier,
        tableBytes,
        runsPerLevel,
        deleteWithin,
        maxSubcompactions,
        bytes);
  }
}
