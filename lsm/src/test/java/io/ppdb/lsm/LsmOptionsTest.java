package io.ppdb.lsm;

import static org.assertj.core.api.Assertions.assertThat;

import io.ppdb.kv.StoreOptions;
import io.ppdb.kv.contract.Histories;
import io.ppdb.kv.contract.History;
import io.ppdb.kv.contract.ManualClock;
import io.ppdb.lsm.blob.BlobOptions;
import io.ppdb.lsm.compaction.CompactionOptions;
import io.ppdb.lsm.table.Codec;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The same history, of 10,000 calls and of all that is done to a store meanwhile, under option sets
 * as different as can be: each must be one of the oracle, and all the same.
 */
class LsmOptionsTest {
  private static final Long GIVEN_SEED = Long.getLong("ppdb.seed");
  private static final boolean FULL = Integer.getInteger("ppdb.effort", 1) > 1;
  private static final int SEED_COUNT = GIVEN_SEED != null ? 1 : FULL ? 200 : 30;
  private static final int CALL_COUNT = FULL ? 20_000 : 10_000;

  private enum OptionSet {
    /**
     * A flush every few commits, and tables of a few blocks; transactions spill all values, and
     * they and bulk loads go to tables.
     */
    TINY,
    /** Every value lies in a blob file. */
    BLOBS,
    /** Nothing is kept for AS OF: the most that compactions may drop. */
    NO_HISTORY,
    /** Tiers instead of levels, other blocks, codecs and sizes. */
    TIERED;

    LsmOptions options(ManualClock clock) {
      int memtableBytes = this == TINY || this == BLOBS ? 4 << 10 : 16 << 10;
      LsmOptions base =
          LsmOptions.of(
                  StoreOptions.DEFAULT
                      .withClock(clock)
                      .withMemtableBytes(memtableBytes)
                      .withBlockCacheBytes(1 << 20))
              .withVfs(MemDirectory.fresh())
              .withWalGrowthBytes(16 << 10)
              .withBlockBytes(256)
              .withCompaction(new CompactionOptions(2, 8 << 10, 2, 2 << 10))
              .withStalls(64, 128);
      return switch (this) {
        case TINY -> base.withMaxTransactionBytesInMemory(0).withMaxLoadBytesInMemory(0);
        case NO_HISTORY -> base;
        case BLOBS -> base.withBlobs(new BlobOptions(1, 1 << 10));
        case TIERED ->
            base.withCompaction(new CompactionOptions(3, 4 << 10, 3, 1 << 10).withRunsPerLevel(3))
                .withBlockBytes(4 << 10)
                .withCodecs(Codec.NONE, Codec.LZ4);
      };
    }
  }

  @Test
  void everyHistoryIsOneOfTheOracleAndTheSameUnderAllOptions() {
    long comparedCount = 0;
    long totalCount = 0;
    for (int i = 0; i < SEED_COUNT; i++) {
      long seed = GIVEN_SEED == null ? 1 + i : GIVEN_SEED;
      List<History> histories = new ArrayList<>();
      for (OptionSet set : OptionSet.values()) {
        History history = run(set, seed);
        assertThat(history.violations())
            .as("replay with -Dppdb.seed=%d, under %s", seed, set)
            .isEmpty();
        histories.add(history);
        try {
          comparedCount += history.sizeInCommonWith(histories.get(0));
          totalCount += history.size();
        } catch (AssertionError e) {
          throw new AssertionError(
              "replay with -Dppdb.seed=" + seed + ", " + set + " against TINY", e);
        }
      }
    }
    if (GIVEN_SEED == null) { // of all together: a single one may go apart early
      assertThat(comparedCount).as("executions that were compared").isGreaterThan(totalCount / 2);
    }
  }

  /** Flushes and compactions one after the other, by a thread that does nothing else. */
  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NO_HISTORY")
  void everyThreadedHistoryIsOneOfTheOracle(OptionSet set) {
    for (int i = 0; i < (SEED_COUNT + 9) / 10; i++) {
      long seed = GIVEN_SEED == null ? 1 + i : GIVEN_SEED;
      ManualClock clock = new ManualClock();
      try (LsmUpkeep upkeep = new LsmUpkeep(set.options(clock))) {
        assertThat(Histories.threaded(upkeep, clock, seed, 4, CALL_COUNT / 10))
            .as("replay with -Dppdb.seed=%d, under %s", seed, set)
            .isEmpty();
      }
    }
  }

  private static History run(OptionSet set, long seed) {
    ManualClock clock = new ManualClock();
    int maxHistoryMillis = set == OptionSet.NO_HISTORY ? 0 : Histories.MAX_HISTORY_MILLIS;
    try (LsmUpkeep upkeep = new LsmUpkeep(set.options(clock))) {
      return Histories.interleaved(upkeep, clock, seed, CALL_COUNT, maxHistoryMillis);
    }
  }
}
