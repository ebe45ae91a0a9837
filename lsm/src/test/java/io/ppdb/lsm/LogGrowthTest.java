package io.ppdb.lsm;

import static org.assertj.core.api.Assertions.assertThat;

import io.ppdb.kv.Durability;
import io.ppdb.kv.KeyRange;
import io.ppdb.kv.RangePolicy;
import io.ppdb.kv.StoreOptions;
import io.ppdb.kv.WriteBatch;
import io.ppdb.kv.contract.ManualClock;
import io.ppdb.lsm.vfs.MemVfs;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Once a store has seen how long its segments become, no commit waits while one is filled. */
class LogGrowthTest {
  private static final int MEMTABLE_BYTES = 64 << 10;
  private static final int GROWTH_BYTES = 4 << 10;
  private static final int WARM_UP_FLUSHES = 4;
  private static final int FLUSHES = 8;

  private final ManualClock clock = new ManualClock();
  private final MemVfs disk = MemDirectory.fresh();
  private int commitCount;

  @Test
  void syncedCommitsFindNewFilesFilled() {
    try (LsmStore store = open(1 << 30)) {
      writeUntilFlushed(store, Durability.SYNC, WARM_UP_FLUSHES);
      long before = store.statistics().logGrowthCount();
      assertThat(before).as("the first segment").isPositive();
      writeUntilFlushed(store, Durability.SYNC, FLUSHES);
      assertThat(store.statistics().logGrowthCount()).isEqualTo(before);
    }
  }

  @Test
  void filesThatAreUsedAgainNeedNoFilling() {
    for (Durability durability : new Durability[] {Durability.SYNC, Durability.ASYNC}) {
      try (LsmStore store = open(0)) {
        writeUntilFlushed(store, durability, WARM_UP_FLUSHES);
        long before = store.statistics().logGrowthCount();
        assertThat(before).as("the first segments").isPositive();
        writeUntilFlushed(store, durability, FLUSHES);
        assertThat(store.statistics().logGrowthCount()).as("%s", durability).isEqualTo(before);
      }
    }
  }

  private LsmStore open(long changeLogBytes) {
    StoreOptions options =
        StoreOptions.DEFAULT
            .withClock(clock)
            .withMemtableBytes(MEMTABLE_BYTES)
            .withChangeLogBytes(changeLogBytes);
    LsmStore store =
        LsmStore.open(
            MemDirectory.PATH,
            LsmOptions.of(options).withVfs(disk).withWalGrowthBytes(GROWTH_BYTES));
    store.setPolicy(KeyRange.all(), RangePolicy.DEFAULT.withHistory(Duration.ZERO));
    return store;
  }

  /** Does what is due in the background between any two commits: a thread may come too late. */
  private void writeUntilFlushed(LsmStore store, Durability durability, int times) {
    long end = store.statistics().flushCount() + times;
    while (store.statistics().flushCount() < end) {
      byte[] key = String.format("%08d", commitCount++).getBytes(StandardCharsets.US_ASCII);
      store.write(new WriteBatch().put(key, new byte[100]), durability);
      store.compactDue();
    }
  }
}
