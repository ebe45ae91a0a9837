package io.ppdb.relational.exec;

import io.ppdb.relational.vector.VectorBatch;
import org.jspecify.annotations.Nullable;

/** Skips rows, then passes at most so many on, and stops reading its input after them. */
public final class LimitOperator extends Operator {
  /** The fetch of a limit that only skips. */
  public static final long ALL = Long.MAX_VALUE;

  private final Operator input;
  private final long offset;
  private final long fetch;
  private long expected = ALL;
  private long toSkip;
  private long toPass;
  private int[] selection = {};

  public LimitOperator(Operator input, long offset, long fetch) {
    super(input.types());
    this.input = input;
    this.offset = offset;
    this.fetch = fetch;
  }

  @Override
  public void expectRows(long rowCount) {
    expected = rowCount;
  }

  @Override
  protected void openOperator(ExecutionContext context) {
    toSkip = offset;
    toPass = fetch;
    if (toPass > 0) {
      long needed = Math.min(fetch, expected);
      if (needed < ALL - offset) {
        input.expectRows(offset + needed);
      }
      input.open(context);
    }
  }

  @Override
  protected @Nullable VectorBatch nextBatch() {
    if (toPass == 0) {
      return null;
    }
    VectorBatch batch = input.next();
    if (batch == null) {
      return null;
    }
    int first = (int) Math.min(toSkip, batch.size());
    int count = (int) Math.min(toPass, batch.size() - first);
    toSkip -= first;
    toPass -= count;
    if (count < batch.size()) {
      selection = selection.length < count ? new int[count] : selection;
      for (int i = 0; i < count; i++) {
        selection[i] = batch.position(first + i);
      }
      batch.setSelection(selection, count);
    }
    return batch;
  }

  @Override
  public void close() {
    input.close();
  }
}
