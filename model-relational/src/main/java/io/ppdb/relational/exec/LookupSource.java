package io.ppdb.relational.exec;

import io.ppdb.relational.vector.VectorBatch;
import org.jspecify.annotations.Nullable;

/**
 * The right side of a lookup join: storage that finds rows for a whole batch of left rows at once,
 * so that keys are read in batches and in order.
 */
public interface LookupSource extends AutoCloseable {
  /** Starts looking up the live rows of {@code left}. */
  void begin(VectorBatch left);

  /**
   * The next right rows for the batch, all live, at most {@link VectorBatch#MAX_ROWS}; null at the
   * end. They may come in any order.
   *
   * @param leftPositions receives, for each row, the position in the left batch that it belongs to
   */
  @Nullable VectorBatch next(int[] leftPositions);

  @Override
  void close();

  /** Opens a source when the join opens. */
  @FunctionalInterface
  interface Factory {
    LookupSource open(ExecutionContext context);
  }
}
