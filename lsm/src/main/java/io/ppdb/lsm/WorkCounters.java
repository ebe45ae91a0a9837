package io.ppdb.lsm;

import io.ppdb.lsm.compaction.Compaction;
import io.ppdb.lsm.manifest.TableMeta;
import io.ppdb.lsm.tree.TableFile;
import io.ppdb.lsm.tree.Tree;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;

/** Counts what is done in the background, and who waits for it. Thread-safe. */
final class WorkCounters {
  private final LongAdder slowdownCount = new LongAdder();
  private final LongAdder slowdownNanos = new LongAdder();
  private final LongAdder stopCount = new LongAdder();
  private final LongAdder stopNanos = new LongAdder();
  private final LongAdder flushCount = new LongAdder();
  private final LongAdder flushedMemtableBytes = new LongAdder();
  private final LongAdder flushWrittenBytes = new LongAdder();
  private final LongAdder compactionCount = new LongAdder();
  private final LongAdder compactionReadBytes = new LongAdder();
  private final LongAdder compactionWrittenBytes = new LongAdder();
  private final LongAdder movedTableCount = new LongAdder();
  private final LongAdder droppedTableCount = new LongAdder();

  /** A commit has waited. */
  void stalled(boolean stopped, long nanos) {
    (stopped ? stopCount : slowdownCount).increment();
    (stopped ? stopNanos : slowdownNanos).add(nanos);
  }

  /** A memtable has become {@code tables}. */
  void flushed(long memtableBytes, List<TableMeta> tables) {
    flushCount.increment();
    flushedMemtableBytes.add(memtableBytes);
    flushWrittenBytes.add(bytes(tables));
  }

  /** A compaction has made {@code outputs}. */
  void compacted(Compaction compaction, List<TableMeta> outputs) {
    List<TableFile> inputs = compaction.inputs();
    if (compaction.isDrop()) {
      droppedTableCount.add(inputs.size());
    } else if (compaction.isTrivialMove()) {
      movedTableCount.add(inputs.size());
    } else {
      compactionCount.increment();
      compactionReadBytes.add(bytes(inputs.stream().map(TableFile::meta).toList()));
      compactionWrittenBytes.add(bytes(outputs));
    }
  }

  private static long bytes(List<TableMeta> tables) {
    return tables.stream().mapToLong(TableMeta::sizeInBytes).sum();
  }

  /** What was counted, and what {@code tree} consists of. */
  LsmStatistics statistics(
      Tree tree,
      LsmStatistics.Caches caches,
      long garbageBytes,
      long rateLimitNanos,
      long logGrowthCount) {
    List<LsmStatistics.Level> levels = new ArrayList<>();
    for (int level = 0; level < Tree.LEVEL_COUNT; level++) {
      if (tree.tableCount(level) > 0) {
        levels.add(
            new LsmStatistics.Level(
                level, tree.tableCount(level), tree.sizeInBytes(level), tree.entryCount(level)));
      }
    }
    return new LsmStatistics(
        slowdownCount.sum(),
        slowdownNanos.sum(),
        stopCount.sum(),
        stopNanos.sum(),
        flushCount.sum(),
        flushedMemtableBytes.sum(),
        flushWrittenBytes.sum(),
        compactionCount.sum(),
        compactionReadBytes.sum(),
        compactionWrittenBytes.sum(),
        movedTableCount.sum(),
        droppedTableCount.sum(),
        rateLimitNanos,
        logGrowthCount,
        garbageBytes,
        caches,
        List.copyOf(levels));
  }
}
