package io.ppdb.relational.exec;

import io.ppdb.relational.vector.VectorBatch;

/**
 * Produces, for a batch of left rows, the pairs of left and right rows that may match: those with
 * equal keys (hash join) or all (nested loops). Pairs of one left row come one after the other,
 * left rows in order.
 */
interface CandidatePairs {
  /** Starts on the live rows of {@code batch}. */
  void begin(VectorBatch batch);

  /**
   * Writes up to {@code capacity} further pairs: positions in the left batch and rows of the right
   * buffer.
   *
   * @return how many; 0 when there are no more for this batch
   */
  int next(int[] leftPositions, int[] rightRows, int capacity);

  /** Bytes of heap beside the right rows themselves. */
  long sizeInBytes();
}
