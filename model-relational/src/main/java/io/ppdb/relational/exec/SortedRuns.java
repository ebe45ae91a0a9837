package io.ppdb.relational.exec;

import io.ppdb.relational.spill.BatchFile;
import io.ppdb.relational.spill.TemporaryFiles;
import io.ppdb.relational.type.ColumnType;
import io.ppdb.relational.vector.VectorBatch;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Rows that were sorted piece by piece, in temporary files, and are merged when they are read. Rows
 * that are equal in the keys come in the order of the pieces. Not thread-safe.
 */
final class SortedRuns implements AutoCloseable {
  /** Rows that are read of a run at once. */
  private static final int BLOCK_ROWS = 512;

  /** More runs are merged into one first: each takes a block of memory. */
  private static final int MAX_RUNS = 64;

  private final List<ColumnType> types;
  private final List<SortKey> keys;
  private final TemporaryFiles files;
  private final Runnable checkCancelled;
  private final List<BatchFile> runs = new ArrayList<>();
  private @Nullable RunMerge merge;

  /**
   * No runs yet.
   *
   * @param checkCancelled is run now and then and may throw
   */
  SortedRuns(
      List<ColumnType> types, List<SortKey> keys, TemporaryFiles files, Runnable checkCancelled) {
    this.types = types;
    this.keys = keys;
    this.files = files;
    this.checkCancelled = checkCancelled;
  }

  /** Adds the rows of {@code rows} that {@code order} names, in that order, which is sorted. */
  void add(RowBuffer rows, int[] order) {
    if (runs.size() == MAX_RUNS) {
      mergeAll();
    }
    BatchFile run = newRun();
    VectorBatch block = VectorBatch.create(types, BLOCK_ROWS);
    int[] positions = new int[BLOCK_ROWS];
    for (int start = 0; start < order.length; start += BLOCK_ROWS) {
      checkCancelled.run();
      int count = Math.min(BLOCK_ROWS, order.length - start);
      System.arraycopy(order, start, positions, 0, count);
      block.reset(count);
      rows.gather(positions, count, block, 0);
      block.setRowCount(count);
      run.append(block);
    }
  }

  private BatchFile newRun() {
    BatchFile run = files.create(types);
    runs.add(run);
    return run;
  }

  private void mergeAll() {
    RunMerge all = new RunMerge(runs, keys);
    List<BatchFile> merged = List.copyOf(runs);
    runs.clear();
    try {
      BatchFile run = newRun();
      VectorBatch block = VectorBatch.create(types, BLOCK_ROWS);
      while (all.next(block, BLOCK_ROWS)) {
        checkCancelled.run();
        run.append(block);
      }
    } finally {
      merged.forEach(BatchFile::close);
    }
  }

  /**
   * The next rows, at most {@code maxRows}; after the first call nothing is added any more.
   *
   * @return false if there are none
   */
  boolean next(VectorBatch batch, int maxRows) {
    RunMerge running = merge;
    if (running == null) {
      running = new RunMerge(runs, keys);
      merge = running;
    }
    return running.next(batch, maxRows);
  }

  /** The memory that reading takes. */
  long sizeInBytes() {
    RunMerge running = merge;
    return running == null ? 0 : running.sizeInBytes();
  }

  @Override
  public void close() {
    runs.forEach(BatchFile::close);
    runs.clear();
    merge = null;
  }
}
