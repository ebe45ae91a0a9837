package io.ppdb.lsm;

import io.ppdb.kv.KeyRange;
import io.ppdb.kv.KeyValueStore;
import io.ppdb.kv.RangePolicy;
import io.ppdb.kv.StoreOptions;
import io.ppdb.kv.contract.HistoryContract;
import io.ppdb.lsm.compaction.CompactionOptions;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Histories over a tree that flushes and compacts all the time, by turns where every key is read by
 * way of the entry cache, and where tables are pinned, as far as a small limit allows.
 */
class LsmPlacementHistoryTest extends HistoryContract {
  private static final RangePolicy.Placement[] PLACEMENTS = {
    RangePolicy.Placement.TIERED, RangePolicy.Placement.MEMORY
  };

  private final AtomicInteger opened = new AtomicInteger();

  @Override
  protected int historyCount() {
    return 60;
  }

  @Override
  protected KeyValueStore open(StoreOptions options) {
    LsmOptions lsm =
        LsmOptions.of(options.withMemtableBytes(4 << 10))
            .withVfs(MemDirectory.fresh())
            .withWalGrowthBytes(16 << 10)
            .withBlockBytes(256)
            .withCompaction(new CompactionOptions(2, 8 << 10, 2, 2 << 10))
            .withStalls(64, 128)
            .withPinnedBytes(8 << 10)
            .withEntryCacheBytes(16 << 10);
    LsmStore store = LsmStore.open(MemDirectory.PATH, lsm);
    RangePolicy.Placement placement = PLACEMENTS[opened.getAndIncrement() % PLACEMENTS.length];
    store.setPolicy(KeyRange.all(), RangePolicy.DEFAULT.withPlacement(placement));
    return store;
  }
}
