package io.ppdb.relational.spi;

import io.ppdb.relational.vector.VectorBatch;

/**
 * Writes the rows of one statement to a table. Used by one thread.
 *
 * <p>The engine has checked NOT NULL and lengths and converted every value to the type of its
 * column. Only live rows of a batch count ({@link VectorBatch#position}). After an error the whole
 * statement is rolled back, so a writer need not undo anything itself.
 */
public interface TableWriter extends AutoCloseable {
  /** Inserts rows: one vector for each column of the table, in its order. */
  void insert(VectorBatch rows);

  /**
   * Replaces rows.
   *
   * @param oldRows the columns of the table, then the locator columns
   * @param newRows the columns of the table with their new values; live rows correspond to those of
   *     {@code oldRows} one by one
   * @param changedColumns ordinals of the columns that the statement assigns
   */
  void update(VectorBatch oldRows, VectorBatch newRows, int[] changedColumns);

  /** Deletes rows: the columns of the table, then the locator columns. */
  void delete(VectorBatch rows);

  /** Completes the statement: what the writer has buffered goes into the transaction. */
  void finish();

  /** Releases what the writer holds; without {@link #finish} its buffered rows are dropped. */
  @Override
  void close();
}
