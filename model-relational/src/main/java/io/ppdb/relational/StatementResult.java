package io.ppdb.relational;

import io.ppdb.relational.exec.Operator;
import io.ppdb.relational.exec.RowCursor;
import io.ppdb.relational.vector.VectorBatch;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a statement gave: a count, or rows to be read once, by batches or one by one.
 *
 * <p>Must be closed. Outside a transaction the rows hold a snapshot, given back by {@link #close}
 * or at the end of the rows. Used by one thread.
 */
public final class StatementResult implements AutoCloseable {
  private final List<ResultColumn> columns;
  private final long updateCount;
  private final @Nullable Operator operator;
  private final Runnable onClose;
  private boolean closed;

  private StatementResult(
      List<ResultColumn> columns, long updateCount, @Nullable Operator operator, Runnable onClose) {
    this.columns = columns;
    this.updateCount = updateCount;
    this.operator = operator;
    this.onClose = onClose;
  }

  static StatementResult ofCount(long count) {
    return new StatementResult(List.of(), count, null, () -> {});
  }

  /**
   * @param operator open; closed with the result
   * @param onClose runs once, after the operator is closed
   */
  static StatementResult ofRows(List<ResultColumn> columns, Operator operator, Runnable onClose) {
    return new StatementResult(columns, -1, operator, onClose);
  }

  /** Whether there are rows, perhaps none of them, rather than a count. */
  public boolean hasRows() {
    return operator != null;
  }

  /** Rows inserted, updated or deleted; 0 for other statements; -1 if there are rows. */
  public long updateCount() {
    return updateCount;
  }

  /** The columns of the rows; empty if there is a count. */
  public List<ResultColumn> columns() {
    return columns;
  }

  /** The next rows, valid until the next call; null at the end, or if there are no rows at all. */
  public @Nullable VectorBatch nextBatch() {
    if (operator == null || closed) {
      return null;
    }
    VectorBatch batch;
    try {
      batch = operator.next();
    } catch (RuntimeException | Error e) {
      close();
      throw e;
    }
    if (batch == null) {
      close();
    }
    return batch;
  }

  /** The rows one by one; not to be mixed with {@link #nextBatch}. */
  public RowCursor rows() {
    if (operator == null) {
      throw new IllegalStateException("the statement returned a count, not rows");
    }
    return new RowCursor(operator);
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    try {
      if (operator != null) {
        operator.close();
      }
    } finally {
      onClose.run();
    }
  }
}
