package io.ppdb.lsm;

import io.ppdb.kv.KeyValueStore;
import io.ppdb.kv.StoreOptions;
import io.ppdb.kv.contract.HistoryContract;
import io.ppdb.lsm.compaction.CompactionOptions;
import java.time.Duration;

/** Histories over a tiered tree, three runs to a level, where deletes are always in a hurry. */
class LsmTieredHistoryTest extends HistoryContract {
  @Override
  protected KeyValueStore open(StoreOptions options) {
    LsmOptions lsm =
        LsmOptions.of(options)
            .withVfs(MemDirectory.fresh())
            .withWalGrowthBytes(16 << 10)
            .withBlockBytes(256)
            .withCompaction(
                new CompactionOptions(2, 2 << 10, 2, 2 << 10)
                    .withRunsPerLevel(3)
                    .withMaxSubcompactions(3)
                    .withDeleteWithin(Duration.ofMillis(20)))
            .withStalls(64, 128);
    return LsmStore.open(MemDirectory.PATH, lsm);
  }
}
