package io.ppdb.timeseries;

import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.PpdbException;
import io.ppdb.relational.catalog.ColumnDefinition;
import io.ppdb.relational.type.ColumnType;
import io.ppdb.relational.type.TypeKind;
import io.ppdb.relational.vector.DoubleVector;
import io.ppdb.relational.vector.IntVector;
import io.ppdb.relational.vector.LongVector;
import io.ppdb.relational.vector.Vector;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Builds one row at the end of a buffer, with the checks that SQL would make: type, range, length,
 * NOT NULL.
 */
final class RowValues {
  private final ColumnDefinition[] columns;
  private final SegmentBuffer buffer;
  private final boolean[] assigned;

  RowValues(List<ColumnDefinition> columns, SegmentBuffer buffer) {
    this.columns = columns.toArray(new ColumnDefinition[0]);
    this.buffer = buffer;
    this.assigned = new boolean[this.columns.length];
  }

  void begin() {
    Arrays.fill(assigned, false);
    buffer.beginRow();
  }

  void set(int column, long value) {
    Vector vector = buffer.column(column);
    int position = buffer.rowCount();
    if (vector instanceof LongVector longs) {
      longs.set(position, value);
    } else if (vector instanceof IntVector ints) {
      boolean small = columns[column].type().kind() == TypeKind.SMALLINT;
      if (value != (int) value || (small && value != (short) value)) {
        throw outOfRange(column, value);
      }
      ints.set(position, (int) value);
    } else if (vector instanceof DoubleVector) {
      set(column, (double) value);
    } else if (columns[column].type().kind() == TypeKind.DECIMAL) {
      set(column, BigDecimal.valueOf(value));
    } else {
      throw mismatch(column, "a whole number");
    }
    assigned[column] = true;
  }

  void set(int column, double value) {
    if (!(buffer.column(column) instanceof DoubleVector doubles)) {
      throw mismatch(column, "a floating-point number");
    }
    boolean single = columns[column].type().kind() == TypeKind.REAL;
    doubles.set(buffer.rowCount(), single ? (float) value : value);
    assigned[column] = true;
  }

  void set(int column, @Nullable Object value) {
    if (value != null) {
      setObject(column, checked(column, value));
    }
    // An unassigned value is NULL, also after an earlier one.
    assigned[column] = value != null;
  }

  private void setObject(int column, Object value) {
    try {
      buffer.column(column).setObject(buffer.rowCount(), value);
    } catch (ArithmeticException e) {
      throw new PpdbException(
          ErrorCode.DATETIME_OVERFLOW, value + " is out of range for " + describe(column), e);
    }
  }

  /** Completes the row; NOT_NULL_VIOLATION names the column that lacks a value. */
  void end() {
    for (int column = 0; column < columns.length; column++) {
      if (!assigned[column]) {
        if (!columns[column].nullable()) {
          throw new PpdbException(
              ErrorCode.NOT_NULL_VIOLATION, "column " + columns[column].name() + " is NOT NULL");
        }
        buffer.column(column).setNull(buffer.rowCount());
      }
    }
    buffer.endRow();
  }

  private Object checked(int column, Object value) {
    ColumnType type = columns[column].type();
    if (value instanceof String text && type.kind() == TypeKind.VARCHAR) {
      if (type.precision() != ColumnType.UNLIMITED
          && text.codePointCount(0, text.length()) > type.precision()) {
        throw new PpdbException(
            ErrorCode.STRING_TOO_LONG, "value too long for " + describe(column));
      }
    } else if (value instanceof BigDecimal number
        && type.kind() == TypeKind.DECIMAL
        && !type.isUnconstrainedNumeric()) {
      BigDecimal scaled = number.setScale(type.scale(), RoundingMode.HALF_UP);
      if (scaled.precision() > type.precision()) {
        throw outOfRange(column, number);
      }
      return scaled;
    } else if (value instanceof Integer number
        && type.kind() == TypeKind.SMALLINT
        && number != number.shortValue()) {
      throw outOfRange(column, number);
    }
    return value;
  }

  private PpdbException outOfRange(int column, Object value) {
    return new PpdbException(
        ErrorCode.NUMERIC_OUT_OF_RANGE, value + " is out of range for " + describe(column));
  }

  private PpdbException mismatch(int column, String seen) {
    return new PpdbException(
        ErrorCode.DATATYPE_MISMATCH, seen + " where " + describe(column) + " is set");
  }

  private String describe(int column) {
    return "column " + columns[column].name() + " of type " + columns[column].type();
  }
}
