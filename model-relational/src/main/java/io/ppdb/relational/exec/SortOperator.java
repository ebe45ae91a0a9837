package io.ppdb.relational.exec;

import io.ppdb.relational.spill.TemporaryFiles;
import io.ppdb.relational.vector.VectorBatch;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Sorts its input, stably, and may return only a slice of the result.
 *
 * <p>What an operator may not hold it sorts and puts into temporary files, piece by piece, and
 * merges them when it is read.
 *
 * <p>With a fetch, rows that cannot be in the slice are thrown away as soon as a few times as many
 * as needed have gathered, so the first ten of a million rows take the memory of some thousand.
 */
public final class SortOperator extends Operator {
  /** Rows beyond the needed ones that gather before they are thrown away. */
  private static final int SLACK_ROWS = 4 * VectorBatch.DEFAULT_ROWS;

  private final Operator input;
  private final List<SortKey> keys;
  private final long offset;
  private final long fetch;
  private @Nullable RowBuffer rows;
  private @Nullable MemoryAccount memory;
  private @Nullable VectorBatch output;
  private int[] order = {};

  /** Rows of the sorted ones that come next, and behind the last one. */
  private long nextRow;

  private long endRow;
  private @Nullable SortedRuns runs;

  public SortOperator(Operator input, List<SortKey> keys) {
    this(input, keys, 0, LimitOperator.ALL);
  }

  /** Returns at most {@code fetch} rows after the first {@code offset}. */
  public SortOperator(Operator input, List<SortKey> keys, long offset, long fetch) {
    super(input.types());
    this.input = input;
    this.keys = List.copyOf(keys);
    this.offset = offset;
    this.fetch = fetch;
  }

  @Override
  protected void openOperator(ExecutionContext context) {
    rows = null;
    runs = null;
    memory = new MemoryAccount(context.memory(), "sort");
    input.open(context);
  }

  @Override
  protected @Nullable VectorBatch nextBatch() {
    RowBuffer sorted = rows;
    if (sorted == null) {
      output = VectorBatch.create(types(), 0);
      sorted = consume();
      rows = sorted;
      skipOffset();
    }
    VectorBatch batch = output;
    int count = (int) Math.min(endRow - nextRow, context().batchRows());
    if (count <= 0 || batch == null) {
      return null;
    }
    SortedRuns merged = runs;
    if (merged != null) {
      if (!merged.next(batch, count)) {
        return null;
      }
      account(merged.sizeInBytes());
    } else {
      int[] positions = new int[count];
      System.arraycopy(order, (int) nextRow, positions, 0, count);
      batch.reset(count);
      sorted.gather(positions, count, batch, 0);
      batch.setRowCount(count);
    }
    nextRow += batch.size();
    return batch;
  }

  private void skipOffset() {
    SortedRuns merged = runs;
    VectorBatch batch = output;
    if (merged == null || batch == null) {
      nextRow = Math.min(offset, endRow);
      return;
    }
    nextRow = 0;
    while (nextRow < Math.min(offset, endRow)
        && merged.next(batch, (int) Math.min(context().batchRows(), offset - nextRow))) {
      context().checkCancelled();
      nextRow += batch.size();
    }
  }

  private RowBuffer consume() {
    long needed = fetch > LimitOperator.ALL - offset ? LimitOperator.ALL : offset + fetch;
    RowBuffer buffer = new RowBuffer(types());
    VectorBatch batch;
    while (needed > 0 && (batch = input.next()) != null) {
      buffer.append(batch);
      if ((buffer.rowCount() - SLACK_ROWS) / 2 > needed) {
        buffer = buffer.retain(sort(buffer), (int) needed);
      }
      long bytes = buffer.sizeInBytes() + 12L * buffer.rowCount();
      TemporaryFiles files = context().filesFor(bytes);
      if (files != null) {
        writeRun(buffer, files);
        buffer = new RowBuffer(types());
        bytes = 0;
      }
      account(bytes);
    }
    input.close();
    endRow = needed;
    SortedRuns merged = runs;
    if (merged != null) {
      merged.add(buffer, sort(buffer));
      account(0);
      return new RowBuffer(types());
    }
    order = sort(buffer);
    endRow = Math.min(needed, buffer.rowCount());
    return buffer;
  }

  private int[] sort(RowBuffer buffer) {
    return new RowSorter(buffer, keys, context()::checkCancelled).sort();
  }

  private void writeRun(RowBuffer buffer, TemporaryFiles files) {
    SortedRuns merged = runs;
    if (merged == null) {
      merged = new SortedRuns(types(), keys, files, context()::checkCancelled);
      runs = merged;
    }
    merged.add(buffer, sort(buffer));
  }

  private void account(long bytes) {
    if (memory != null) {
      memory.resize(bytes);
    }
  }

  @Override
  public void close() {
    input.close();
    rows = new RowBuffer(types());
    endRow = 0;
    nextRow = 0;
    if (runs != null) {
      runs.close();
      runs = null;
    }
    if (memory != null) {
      memory.release();
    }
  }
}
