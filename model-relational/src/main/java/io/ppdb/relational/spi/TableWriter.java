package io.ppdb.relational.spi;

import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.PpdbException;
import io.ppdb.relational.exec.BatchSource;
import io.ppdb.relational.vector.VectorBatch;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes the rows of one statement to a table. Used by one thread.
 *
 * <p>The engine has checked NOT NULL and lengths and converted every value to the type of its
 * column. Only live rows of a batch count ({@link VectorBatch#position}). After an error the whole
 * statement is rolled back, so a writer need not undo anything itself.
 */
public interface TableWriter extends AutoCloseable {
  /** The primary key among {@link #conflictingRow unique keys}; indexes count from 0. */
  int PRIMARY_KEY = -1;

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

  /**
   * The row, by its key, that has one of the unique keys that a new one would have; null if there
   * is none.
   *
   * @param rows the columns of the table; the new row is at {@code position}
   * @param uniqueKeys which keys count: {@link #PRIMARY_KEY}, or indexes by their place in the
   *     table
   */
  default byte @Nullable [] conflictingRow(VectorBatch rows, int position, int[] uniqueKeys) {
    throw new PpdbException(
        ErrorCode.NOT_SUPPORTED, "this kind of table has no keys for ON CONFLICT to look at");
  }

  /** The rows with these keys: the columns of the table, then the locator columns. */
  default BatchSource rows(List<byte[]> keys) {
    throw new PpdbException(
        ErrorCode.NOT_SUPPORTED, "this kind of table has no keys for ON CONFLICT to look at");
  }

  /** Completes the statement: what the writer has buffered goes into the transaction. */
  void finish();

  /** Releases what the writer holds; without {@link #finish} its buffered rows are dropped. */
  @Override
  void close();
}
