package io.ppdb.relational.spi;

import io.ppdb.relational.vector.VectorBatch;

/** Locks rows of one table for the transaction of one statement. Used by one thread. */
public interface RowLocker {
  /**
   * Locks a row until the end of the transaction, if need be after a while.
   *
   * @param keys the columns of the table's primary key, in its order; the row is at {@code
   *     position}
   * @return false if somebody else has locked or changed the row and such rows are left out
   */
  boolean lock(VectorBatch keys, int position);
}
