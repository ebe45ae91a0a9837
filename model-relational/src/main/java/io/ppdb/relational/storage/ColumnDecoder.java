package io.ppdb.relational.storage;

import io.ppdb.relational.vector.BooleanVector;
import io.ppdb.relational.vector.BytesVector;
import io.ppdb.relational.vector.DecimalVector;
import io.ppdb.relational.vector.DoubleVector;
import io.ppdb.relational.vector.IntVector;
import io.ppdb.relational.vector.IntervalVector;
import io.ppdb.relational.vector.LongVector;
import io.ppdb.relational.vector.Vector;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteOrder;

/**
 * Decodes one column of rows straight into a vector. One for each scan and column; not thread-safe.
 */
abstract class ColumnDecoder {
  private static final VarHandle SHORT = view(short[].class);
  private static final VarHandle INT = view(int[].class);
  private static final VarHandle LONG = view(long[].class);

  /** Decodes {@code column} of the row that begins at {@code base}, which is not NULL there. */
  abstract void decode(Vector vector, int position, byte[] row, int base);

  private static VarHandle view(Class<?> arrayClass) {
    return MethodHandles.byteArrayViewVarHandle(arrayClass, ByteOrder.BIG_ENDIAN);
  }

  static ColumnDecoder of(RowLayout layout, int column) {
    int offset = layout.offset(column);
    return switch (layout.type(column).kind()) {
      case BOOLEAN -> new BooleanDecoder(offset);
      case SMALLINT -> new SmallintDecoder(offset);
      case INTEGER, DATE -> new IntDecoder(offset);
      case BIGINT, TIME, TIMESTAMP, TIMESTAMPTZ -> new LongDecoder(offset);
      case REAL -> new RealDecoder(offset);
      case DOUBLE -> new DoubleDecoder(offset);
      case DECIMAL ->
          layout.isVariable(column)
              ? new NumericDecoder(layout, offset)
              : new DecimalDecoder(offset);
      case INTERVAL -> new IntervalDecoder(offset);
      case UUID -> new UuidDecoder(offset);
      case VARCHAR, BYTEA, JSON, ARRAY -> new BytesDecoder(layout, offset);
    };
  }

  private static final class BooleanDecoder extends ColumnDecoder {
    private final int offset;

    BooleanDecoder(int offset) {
      this.offset = offset;
    }

    @Override
    void decode(Vector vector, int position, byte[] row, int base) {
      ((BooleanVector) vector).set(position, row[base + offset] != 0);
    }
  }

  private static final class SmallintDecoder extends ColumnDecoder {
    private final int offset;

    SmallintDecoder(int offset) {
      this.offset = offset;
    }

    @Override
    void decode(Vector vector, int position, byte[] row, int base) {
      ((IntVector) vector).set(position, (short) SHORT.get(row, base + offset));
    }
  }

  private static final class IntDecoder extends ColumnDecoder {
    private final int offset;

    IntDecoder(int offset) {
      this.offset = offset;
    }

    @Override
    void decode(Vector vector, int position, byte[] row, int base) {
      ((IntVector) vector).set(position, (int) INT.get(row, base + offset));
    }
  }

  private static final class LongDecoder extends ColumnDecoder {
    private final int offset;

    LongDecoder(int offset) {
      this.offset = offset;
    }

    @Override
    void decode(Vector vector, int position, byte[] row, int base) {
      ((LongVector) vector).set(position, (long) LONG.get(row, base + offset));
    }
  }

  private static final class RealDecoder extends ColumnDecoder {
    private final int offset;

    RealDecoder(int offset) {
      this.offset = offset;
    }

    @Override
    void decode(Vector vector, int position, byte[] row, int base) {
      ((DoubleVector) vector)
          .set(position, Float.intBitsToFloat((int) INT.get(row, base + offset)));
    }
  }

  private static final class DoubleDecoder extends ColumnDecoder {
    private final int offset;

    DoubleDecoder(int offset) {
      this.offset = offset;
    }

    @Override
    void decode(Vector vector, int position, byte[] row, int base) {
      ((DoubleVector) vector)
          .set(position, Double.longBitsToDouble((long) LONG.get(row, base + offset)));
    }
  }

  /** At most 18 digits: the vector is compact at the scale of the type, as the row is. */
  private static final class DecimalDecoder extends ColumnDecoder {
    private final int offset;

    DecimalDecoder(int offset) {
      this.offset = offset;
    }

    @Override
    void decode(Vector vector, int position, byte[] row, int base) {
      ((DecimalVector) vector).unscaled()[position] = (long) LONG.get(row, base + offset);
    }
  }

  private static final class IntervalDecoder extends ColumnDecoder {
    private final int offset;

    IntervalDecoder(int offset) {
      this.offset = offset;
    }

    @Override
    void decode(Vector vector, int position, byte[] row, int base) {
      ((IntervalVector) vector)
          .set(
              position,
              (int) INT.get(row, base + offset),
              (int) INT.get(row, base + offset + 4),
              (long) LONG.get(row, base + offset + 8));
    }
  }

  private static final class UuidDecoder extends ColumnDecoder {
    private final int offset;

    UuidDecoder(int offset) {
      this.offset = offset;
    }

    @Override
    void decode(Vector vector, int position, byte[] row, int base) {
      ((BytesVector) vector).set(position, row, base + offset, 16);
    }
  }

  /** Finds the slice of a variable column. */
  private abstract static class VariableDecoder extends ColumnDecoder {
    private final int endsOffset;
    private final int variableCount;
    private final int index;

    VariableDecoder(RowLayout layout, int index) {
      this.endsOffset = layout.endsOffset();
      this.variableCount = layout.variableCount();
      this.index = index;
    }

    @Override
    final void decode(Vector vector, int position, byte[] row, int base) {
      int ends = base + endsOffset;
      int start;
      int end;
      int variableStart;
      if ((row[base] & RowLayout.WIDE) == 0) {
        variableStart = ends + 2 * variableCount;
        start = index == 0 ? 0 : (short) SHORT.get(row, ends + 2 * (index - 1)) & 0xFFFF;
        end = (short) SHORT.get(row, ends + 2 * index) & 0xFFFF;
      } else {
        variableStart = ends + 4 * variableCount;
        start = index == 0 ? 0 : (int) INT.get(row, ends + 4 * (index - 1));
        end = (int) INT.get(row, ends + 4 * index);
      }
      decodeSlice(vector, position, row, variableStart + start, end - start);
    }

    abstract void decodeSlice(Vector vector, int position, byte[] row, int start, int length);
  }

  private static final class BytesDecoder extends VariableDecoder {
    BytesDecoder(RowLayout layout, int index) {
      super(layout, index);
    }

    @Override
    void decodeSlice(Vector vector, int position, byte[] row, int start, int length) {
      ((BytesVector) vector).set(position, row, start, length);
    }
  }

  private static final class NumericDecoder extends VariableDecoder {
    NumericDecoder(RowLayout layout, int index) {
      super(layout, index);
    }

    @Override
    void decodeSlice(Vector vector, int position, byte[] row, int start, int length) {
      int scale = (short) SHORT.get(row, start);
      ((DecimalVector) vector)
          .set(position, new BigDecimal(new BigInteger(row, start + 2, length - 2), scale));
    }
  }
}
