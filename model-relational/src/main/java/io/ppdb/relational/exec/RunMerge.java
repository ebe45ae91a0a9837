package io.ppdb.relational.exec;

import io.ppdb.relational.spill.BatchFile;
import io.ppdb.relational.vector.Vector;
import io.ppdb.relational.vector.VectorBatch;
import java.util.List;

/**
 * Reads sorted runs as one: a heap of the runs that are not at their end, by their next rows, and
 * where these are equal by their places in the list. Not thread-safe.
 */
final class RunMerge {
  private final List<SortKey> keys;
  private final Run[] heap;
  private int heapSize;
  private int[] taken = {};

  /** A run, and the block of it that is in memory. */
  private static final class Run {
    private final int place;
    private final BatchFile file;
    private final VectorBatch block;
    private int position;

    Run(int place, BatchFile file) {
      this.place = place;
      this.file = file;
      this.block = VectorBatch.create(file.types(), 0);
      file.rewind();
    }

    boolean readBlock() {
      position = 0;
      return file.read(block);
    }

    long sizeInBytes() {
      long bytes = file.bufferBytes();
      for (Vector column : block.columns()) {
        bytes += column.sizeInBytes();
      }
      return bytes;
    }
  }

  RunMerge(List<BatchFile> files, List<SortKey> keys) {
    this.keys = keys;
    this.heap = new Run[files.size()];
    for (int i = 0; i < files.size(); i++) {
      Run run = new Run(i, files.get(i));
      if (run.readBlock()) {
        heap[heapSize++] = run;
      }
    }
    for (int i = heapSize / 2 - 1; i >= 0; i--) {
      sink(i);
    }
  }

  long sizeInBytes() {
    long bytes = 0;
    for (int i = 0; i < heapSize; i++) {
      bytes += heap[i].sizeInBytes();
    }
    return bytes;
  }

  /** Puts the next rows into {@code batch}, at most {@code maxRows}; false if there are none. */
  boolean next(VectorBatch batch, int maxRows) {
    batch.reset(maxRows);
    taken = taken.length < maxRows ? new int[maxRows] : taken;
    int count = 0;
    while (count < maxRows && heapSize > 0) {
      Run run = heap[0];
      int takenCount = 0;
      do {
        taken[takenCount++] = run.position++;
        if (run.position < run.block.size()) {
          sink(0);
        }
      } while (heap[0] == run && run.position < run.block.size() && count + takenCount < maxRows);
      for (int i = 0; i < batch.columnCount(); i++) {
        batch.column(i).copy(run.block.column(i), taken, takenCount, count);
      }
      count += takenCount;
      if (run.position == run.block.size()) {
        if (!run.readBlock()) {
          heap[0] = heap[--heapSize];
        }
        sink(0);
      }
    }
    batch.setRowCount(count);
    return count > 0;
  }

  private void sink(int start) {
    if (start >= heapSize) {
      return;
    }
    Run run = heap[start];
    int hole = start;
    for (int child = 2 * hole + 1; child < heapSize; child = 2 * hole + 1) {
      if (child + 1 < heapSize && isBefore(heap[child + 1], heap[child])) {
        child++;
      }
      if (!isBefore(heap[child], run)) {
        break;
      }
      heap[hole] = heap[child];
      hole = child;
    }
    heap[hole] = run;
  }

  private boolean isBefore(Run left, Run right) {
    int sign =
        SortKey.compare(
            keys, left.block.columns(), left.position, right.block.columns(), right.position);
    return sign != 0 ? sign < 0 : left.place < right.place;
  }
}
