package io.ppdb.database.session;

import io.ppdb.jdbc.session.ColumnInfo;
import io.ppdb.jdbc.session.RowBatch;
import io.ppdb.jdbc.session.SqlErrors;
import io.ppdb.jdbc.session.SqlResult;
import io.ppdb.relational.StatementResult;
import io.ppdb.relational.vector.VectorBatch;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A result of an {@link EmbeddedSession}: the executor's batches as they come. */
final class EmbeddedResult implements SqlResult {
  private final EmbeddedSession owner;
  private final StatementResult result;
  private final List<ColumnInfo> columns;
  private final VectorRowBatch rows = new VectorRowBatch();
  private long remainingRows;
  private boolean ended;

  /** A result of at most {@code maxRows} rows, or of all if that is 0. */
  EmbeddedResult(
      EmbeddedSession owner, StatementResult result, List<ColumnInfo> columns, long maxRows) {
    this.owner = owner;
    this.result = result;
    this.columns = columns;
    this.remainingRows = maxRows == 0 ? Long.MAX_VALUE : maxRows;
  }

  @Override
  public List<ColumnInfo> columns() {
    return columns;
  }

  @Override
  public long updateCount() {
    return result.updateCount();
  }

  @Override
  public @Nullable RowBatch fetch(int maxRows) throws SQLException {
    if (ended) {
      throw SqlErrors.of("24000", "the result has ended with its transaction");
    }
    if (remainingRows == 0) {
      close();
      return null;
    }
    VectorBatch batch = next();
    if (batch == null) {
      close();
      return null;
    }
    rows.show(batch, remainingRows);
    remainingRows -= rows.rowCount();
    return rows;
  }

  private @Nullable VectorBatch next() throws SQLException {
    try {
      return result.nextBatch();
    } catch (RuntimeException e) {
      owner.closed(this);
      throw Failures.of(e);
    }
  }

  /** Closes it before its reader has; a reader that goes on is told. */
  void end() throws SQLException {
    ended = true;
    close();
  }

  @Override
  public void close() throws SQLException {
    owner.closed(this);
    Failures.run(result::close);
  }
}
