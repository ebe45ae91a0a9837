package io.ppdb.relational.exec;

import io.ppdb.relational.vector.VectorBatch;
import org.jspecify.annotations.Nullable;

/**
 * The right side of a lookup join: storage that finds the rows for many left rows at once, so that
 * keys are read in batches. Used by one thread: {@link #add} for some rows, then {@link #next}
 * until it returns null, and so on.
 */
public interface LookupSource extends AutoCloseable {
  /** Looks for the rows of the left row that the correlation variable stands for at the moment. */
  void add(int leftPosition);

  /**
   * The next right rows of the added left rows, in their order, all live; null at the end. They may
   * be none, where rows that were looked for do not exist.
   */
  @Nullable VectorBatch next();

  /** For each row of the batch that {@link #next} returned last, what {@link #add} was given. */
  int[] leftPositions();

  @Override
  void close();

  /** Opens a source when the join opens. */
  @FunctionalInterface
  interface Factory {
    LookupSource open(ExecutionContext context);
  }
}
