package io.ppdb.relational.exec;

import io.ppdb.relational.type.ColumnType;
import io.ppdb.relational.type.Interval;
import io.ppdb.relational.vector.BooleanVector;
import io.ppdb.relational.vector.BytesVector;
import io.ppdb.relational.vector.DecimalVector;
import io.ppdb.relational.vector.DoubleVector;
import io.ppdb.relational.vector.IntVector;
import io.ppdb.relational.vector.IntervalVector;
import io.ppdb.relational.vector.LongVector;
import io.ppdb.relational.vector.Values;
import io.ppdb.relational.vector.Vector;
import io.ppdb.relational.vector.VectorBatch;
import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads the result of an operator row by row, as JDBC does.
 *
 * <p>Typed getters read columns whose physical type is theirs and are meaningless where {@link
 * #isNull}; {@link #getObject} serves every column. Opens nothing, closes its operator. Not
 * thread-safe.
 */
public final class RowCursor implements AutoCloseable {
  private final Operator operator;
  private @Nullable VectorBatch batch;
  private int row = -1;
  private int position;
  private boolean ended;

  /** Reads {@code operator}, which was opened. */
  public RowCursor(Operator operator) {
    this.operator = operator;
  }

  public List<ColumnType> types() {
    return operator.types();
  }

  /** Moves to the next row; false at the end. */
  public boolean next() {
    if (ended) {
      return false;
    }
    row++;
    if (batch == null || row >= batch.size()) {
      batch = operator.next();
      row = 0;
      if (batch == null) {
        ended = true;
        return false;
      }
    }
    position = batch.position(row);
    return true;
  }

  public boolean isNull(int column) {
    return vector(column).isNull(position);
  }

  public boolean getBoolean(int column) {
    return ((BooleanVector) vector(column)).get(position);
  }

  /** A smallint, an integer, or a date in days since 1970-01-01. */
  public int getInt(int column) {
    return ((IntVector) vector(column)).get(position);
  }

  /** A bigint, or a time or timestamp in microseconds. */
  public long getLong(int column) {
    return ((LongVector) vector(column)).get(position);
  }

  /** A real or double precision. */
  public double getDouble(int column) {
    return ((DoubleVector) vector(column)).get(position);
  }

  public BigDecimal getDecimal(int column) {
    return ((DecimalVector) vector(column)).get(position);
  }

  public String getString(int column) {
    return ((BytesVector) vector(column)).getString(position);
  }

  /** The bytes of a text, bytea or uuid. */
  public byte[] getBytes(int column) {
    return ((BytesVector) vector(column)).get(position);
  }

  public Interval getInterval(int column) {
    return ((IntervalVector) vector(column)).get(position);
  }

  /** The value as the Java object that {@link Values} names, or null. */
  public @Nullable Object getObject(int column) {
    return vector(column).getObject(position);
  }

  /** The vector of {@code column} that holds the current row at {@link #position()}. */
  public Vector vector(int column) {
    if (batch == null) {
      throw new IllegalStateException("no current row: next() was not called or returned false");
    }
    return batch.column(column);
  }

  /** Where the current row lies in {@link #vector}. */
  public int position() {
    return position;
  }

  @Override
  public void close() {
    operator.close();
  }
}
