package io.ppdb.jdbc.session;

import org.jspecify.annotations.Nullable;

/**
 * Some rows of a result, by column and row index, both from 0.
 *
 * <p>The typed reads exist so that rows reach the caller without boxing; each may only be asked of
 * a column of the types it names and a value that is not null.
 */
public interface RowBatch {
  int rowCount();

  boolean isNull(int column, int row);

  /** A BOOLEAN column's value. */
  boolean getBoolean(int column, int row);

  /** A SMALLINT, INTEGER or BIGINT column's value. */
  long getLong(int column, int row);

  /** A REAL or DOUBLE column's value. */
  double getDouble(int column, int row);

  /** Any column's value, of the class that {@link SqlType#valueClass} names; null if it is null. */
  @Nullable Object getObject(int column, int row);
}
