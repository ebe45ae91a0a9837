package io.ppdb.lsm;

import static org.assertj.core.api.Assertions.assertThat;

import io.ppdb.kv.Durability;
import io.ppdb.kv.KeyRange;
import io.ppdb.kv.RangePolicy;
import io.ppdb.kv.StoreOptions;
import io.ppdb.kv.WriteBatch;
import io.ppdb.lsm.compaction.CompactionOptions;
import io.ppdb.lsm.manifest.Manifest;
import io.ppdb.lsm.manifest.TableMeta;
import io.ppdb.lsm.vfs.MemVfs;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Tables end where tables of the level below begin, so that one does not pull down many. */
class TableAlignmentTest {
  private static final int TABLE_BYTES = 16 << 10;

  private final MemVfs disk = MemDirectory.fresh();
  private final LsmOptions options =
      LsmOptions.of(StoreOptions.DEFAULT.withMemtableBytes(8 << 20))
          .withVfs(disk)
          .withCompaction(new CompactionOptions(2, 1 << 20, 10, TABLE_BYTES));
  private final Random random = new Random(1);

  @Test
  @Timeout(120)
  void tablesOfALevelEndWhereTablesBelowBegin() throws Exception {
    try (LsmStore store = LsmStore.open(MemDirectory.PATH, options)) {
      store.setPolicy(KeyRange.all(), RangePolicy.DEFAULT.withHistory(Duration.ZERO));
      putAndFlush(store, 20_000);
      putAndFlush(store, 10);
      awaitCompaction(store);
      store.compact(); // everything into level 2
      putAndFlush(store, 1_500);
      putAndFlush(store, 1_500);
      awaitCompaction(store);
    }
    List<TableMeta> upper = tables(1);
    List<TableMeta> lower = tables(2);
    assertThat(lower).as("level 2").hasSizeGreaterThan(50);
    assertThat(upper).as("level 1").hasSizeBetween(8, 40);
    for (int i = 1; i < upper.size(); i++) {
      byte[] before = upper.get(i - 1).properties().largestKey();
      byte[] after = upper.get(i).properties().smallestKey();
      assertThat(lower)
          .as("tables that begin between %d and %d", i - 1, i)
          .anyMatch(table -> isBetween(before, table.properties().smallestKey(), after));
    }
  }

  private static boolean isBetween(byte[] before, byte[] key, byte[] after) {
    return Arrays.compareUnsigned(before, key) < 0 && Arrays.compareUnsigned(key, after) <= 0;
  }

  private void putAndFlush(LsmStore store, int count) {
    for (int i = 0; i < count; i++) {
      byte[] value = new byte[100];
      random.nextBytes(value);
      byte[] key = ByteBuffer.allocate(4).putInt(random.nextInt()).array();
      store.write(new WriteBatch().put(key, value), Durability.ASYNC);
    }
    store.flush();
  }

  private static void awaitCompaction(LsmStore store) throws InterruptedException {
    while (store.statistics().levels().get(0).level() == 0
        || store.statistics().levels().get(0).sizeInBytes() > 1 << 20) {
      Thread.sleep(5);
    }
  }

  private List<TableMeta> tables(int level) throws IOException {
    return Manifest.read(disk, MemDirectory.PATH).tables().stream()
        .filter(table -> table.level() == level)
        .sorted(
            Comparator.comparing(meta -> meta.properties().smallestKey(), Arrays::compareUnsigned))
        .toList();
  }
}
