package io.ppdb.relational.exec;

import io.ppdb.relational.vector.VectorBatch;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Sorts its input, stably, and may return only a slice of the result.
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
  private int nextRow;
  private int endRow;

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
    memory = new MemoryAccount(context.memory(), "sort");
    input.open(context);
  }

  @Override
  protected @Nullable VectorBatch nextBatch() {
    RowBuffer sorted = rows;
    if (sorted == null) {
      sorted = consume();
      rows = sorted;
      output = VectorBatch.create(types(), 0);
    }
    VectorBatch batch = output;
    int count = Math.min(endRow - nextRow, context().batchRows());
    if (count <= 0 || batch == null) {
      return null;
    }
    int[] positions = new int[count];
    System.arraycopy(order, nextRow, positions, 0, count);
    batch.reset(count);
    sorted.gather(positions, count, batch, 0);
    batch.setRowCount(count);
    nextRow += count;
    return batch;
  }

  private RowBuffer consume() {
    long needed = fetch > LimitOperator.ALL - offset ? LimitOperator.ALL : offset + fetch;
    RowBuffer buffer = new RowBuffer(types());
    VectorBatch batch;
    while (needed > 0 && (batch = input.next()) != null) {
      buffer.append(batch);
      if (memory != null) {
        memory.resize(buffer.sizeInBytes() + 12L * buffer.rowCount());
      }
      if ((buffer.rowCount() - SLACK_ROWS) / 2 > needed) {
        buffer =
            buffer.retain(
                new RowSorter(buffer, keys).sort(context()::checkCancelled), (int) needed);
      }
    }
    input.close();
    order = new RowSorter(buffer, keys).sort(context()::checkCancelled);
    endRow = (int) Math.min(needed, buffer.rowCount());
    nextRow = (int) Math.min(offset, endRow);
    return buffer;
  }

  @Override
  public void close() {
    input.close();
    rows = new RowBuffer(types());
    endRow = 0;
    nextRow = 0;
    if (memory != null) {
      memory.release();
    }
  }
}
