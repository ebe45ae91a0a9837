package io.ppdb.jdbc.session;

import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What an execution gave: rows, read in batches, or an update count. Not thread-safe. */
public interface SqlResult extends AutoCloseable {
  /** The columns of the rows; empty if this is an update count. */
  List<ColumnInfo> columns();

  /** Rows changed; -1 if this result has rows. */
  long updateCount();

  /**
   * The next rows, or null after the last.
   *
   * <p>The batch is valid until the next call; it has at least one row.
   *
   * @param maxRows a hint; a batch may have fewer or more
   */
  @Nullable RowBatch fetch(int maxRows) throws SQLException;

  @Override
  void close() throws SQLException;
}
