package io.ppdb.server.postgres;

import io.ppdb.relational.StatementResult;
import io.ppdb.relational.vector.VectorBatch;
import org.jspecify.annotations.Nullable;

/**
 * A statement with its parameters, and as far as it has run its rows: the result, and where in its
 * current batch the next Execute goes on.
 */
final class Portal implements AutoCloseable {
  private final ServerStatement statement;
  private final @Nullable Object[] parameters;
  private final ResultFormats formats;

  private @Nullable StatementResult result;
  private @Nullable VectorBatch batch;
  private int row;
  private boolean finished;
  private long rowCount;
  private @Nullable String tag;

  Portal(ServerStatement statement, @Nullable Object[] parameters, ResultFormats formats) {
    this.statement = statement;
    this.parameters = parameters;
    this.formats = formats;
  }

  ServerStatement statement() {
    return statement;
  }

  @Nullable Object[] parameters() {
    return parameters;
  }

  ResultFormats formats() {
    return formats;
  }

  @Nullable StatementResult result() {
    return result;
  }

  void setResult(StatementResult newResult) {
    result = newResult;
  }

  /** Whether a next row is there; moves on to the next batch if it must. */
  boolean hasNext() {
    StatementResult open = result;
    VectorBatch current = batch;
    if (finished || open == null) {
      return false;
    }
    while (current == null || row == current.size()) {
      current = open.nextBatch();
      batch = current;
      row = 0;
      if (current == null) {
        finished = true;
        return false;
      }
    }
    return true;
  }

  /** The batch that the next row is in. */
  VectorBatch batch() {
    VectorBatch current = batch;
    if (current == null) {
      throw new IllegalStateException("no row is there");
    }
    return current;
  }

  /** The position of the next row in its batch's columns, which is then the one after it. */
  int nextPosition() {
    return batch().position(row++);
  }

  /** A row was sent. */
  void addRow() {
    rowCount++;
  }

  /** So many rows were changed or copied. */
  void setRowCount(long count) {
    rowCount = count;
  }

  /** What was done was something else than the statement says, if not null. */
  void setTag(@Nullable String newTag) {
    tag = newTag;
  }

  /** What CommandComplete says: the tag, with a count where it has one. */
  String completion() {
    String known = tag;
    if (known != null) {
      return known;
    }
    return switch (statement.tag()) {
      case "SELECT", "UPDATE", "DELETE", "MERGE", "COPY" -> statement.tag() + " " + rowCount;
      case "INSERT" -> "INSERT 0 " + rowCount;
      default -> statement.tag();
    };
  }

  /** Nothing is left to be run. */
  void finish() {
    finished = true;
  }

  boolean isFinished() {
    return finished;
  }

  @Override
  public void close() {
    finished = true;
    StatementResult open = result;
    result = null;
    if (open != null) {
      open.close();
    }
  }
}
