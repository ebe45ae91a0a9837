package io.ppdb.relational.storage;

import io.ppdb.relational.type.ColumnType;
import io.ppdb.relational.vector.BooleanVector;
import io.ppdb.relational.vector.BytesVector;
import io.ppdb.relational.vector.DecimalVector;
import io.ppdb.relational.vector.DoubleVector;
import io.ppdb.relational.vector.IntVector;
import io.ppdb.relational.vector.IntervalVector;
import io.ppdb.relational.vector.LongVector;
import io.ppdb.relational.vector.Vector;
import io.ppdb.relational.vector.VectorBatch;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.math.BigDecimal;
import java.nio.ByteOrder;
import java.util.Arrays;

/** Encodes rows of vectors as {@link RowLayout} says. Reused from row to row; not thread-safe. */
final class RowEncoder {
  private static final VarHandle SHORT = view(short[].class);
  private static final VarHandle INT = view(int[].class);
  private static final VarHandle LONG = view(long[].class);

  private final RowLayout layout;
  private byte[] buffer;

  RowEncoder(RowLayout layout) {
    this.layout = layout;
    this.buffer = new byte[layout.endsOffset() + 64];
  }

  private static VarHandle view(Class<?> arrayClass) {
    return MethodHandles.byteArrayViewVarHandle(arrayClass, ByteOrder.BIG_ENDIAN);
  }

  /** The bytes of the row at {@code position}; the batch has the table's columns in order. */
  byte[] encode(VectorBatch batch, int position) {
    int variableBytes = variableBytes(batch, position);
    boolean wide = variableBytes > RowLayout.MAX_NARROW_BYTES;
    int endWidth = wide ? 4 : 2;
    int variableStart = layout.endsOffset() + endWidth * layout.variableCount();
    int length = variableStart + variableBytes;
    if (buffer.length < length) {
      buffer = new byte[Math.max(length, 2 * buffer.length)];
    }
    Arrays.fill(buffer, 0, variableStart, (byte) 0);
    buffer[0] = (byte) (RowLayout.FORMAT | (wide ? RowLayout.WIDE : 0));
    SHORT.set(buffer, 1, (short) layout.number());
    int end = 0;
    for (int i = 0; i < layout.columnCount(); i++) {
      if (layout.isInKey(i)) {
        continue;
      }
      Vector vector = batch.column(i);
      boolean isNull = vector.isNull(position);
      if (isNull) {
        int bit = layout.nullBit(i);
        buffer[RowLayout.NULLS_OFFSET + (bit >> 3)] |= (byte) (1 << (bit & 7));
      }
      if (layout.isVariable(i)) {
        if (!isNull) {
          end += writeVariable(vector, position, variableStart + end);
        }
        int endOffset = layout.endsOffset() + endWidth * layout.offset(i);
        if (wide) {
          INT.set(buffer, endOffset, end);
        } else {
          SHORT.set(buffer, endOffset, (short) end);
        }
      } else if (!isNull) {
        writeFixed(vector, position, layout.offset(i));
      }
    }
    return Arrays.copyOf(buffer, length);
  }

  private int variableBytes(VectorBatch batch, int position) {
    int bytes = 0;
    for (int i = 0; i < layout.columnCount(); i++) {
      if (!layout.isInKey(i) && layout.isVariable(i)) {
        Vector vector = batch.column(i);
        if (vector.isNull(position)) {
          continue;
        }
        bytes +=
            vector instanceof BytesVector strings
                ? strings.lengths()[position]
                : 2 + ((DecimalVector) vector).get(position).unscaledValue().bitLength() / 8 + 1;
      }
    }
    return bytes;
  }

  /** Returns how many bytes were written. */
  private int writeVariable(Vector vector, int position, int offset) {
    if (vector instanceof BytesVector strings) {
      int length = strings.lengths()[position];
      System.arraycopy(strings.arena(), strings.starts()[position], buffer, offset, length);
      return length;
    }
    BigDecimal value = ((DecimalVector) vector).get(position);
    byte[] unscaled = value.unscaledValue().toByteArray();
    SHORT.set(buffer, offset, (short) value.scale());
    System.arraycopy(unscaled, 0, buffer, offset + 2, unscaled.length);
    return 2 + unscaled.length;
  }

  private void writeFixed(Vector vector, int position, int offset) {
    ColumnType type = vector.type();
    switch (type.kind()) {
      case BOOLEAN -> buffer[offset] = (byte) (((BooleanVector) vector).get(position) ? 1 : 0);
      case SMALLINT -> SHORT.set(buffer, offset, (short) ((IntVector) vector).get(position));
      case INTEGER, DATE -> INT.set(buffer, offset, ((IntVector) vector).get(position));
      case BIGINT, TIME, TIMESTAMP, TIMESTAMPTZ ->
          LONG.set(buffer, offset, ((LongVector) vector).get(position));
      case REAL ->
          INT.set(
              buffer, offset, Float.floatToIntBits((float) ((DoubleVector) vector).get(position)));
      case DOUBLE ->
          LONG.set(buffer, offset, Double.doubleToLongBits(((DoubleVector) vector).get(position)));
      case DECIMAL -> LONG.set(buffer, offset, unscaled((DecimalVector) vector, position));
      case INTERVAL -> {
        IntervalVector interval = (IntervalVector) vector;
        INT.set(buffer, offset, interval.months()[position]);
        INT.set(buffer, offset + 4, interval.days()[position]);
        LONG.set(buffer, offset + 8, interval.micros()[position]);
      }
      case UUID -> {
        BytesVector bytes = (BytesVector) vector;
        System.arraycopy(bytes.arena(), bytes.starts()[position], buffer, offset, 16);
      }
      case VARCHAR, BYTEA, JSON, ARRAY ->
          throw new IllegalStateException(type + " has no fixed width");
    }
  }

  private static long unscaled(DecimalVector vector, int position) {
    int scale = vector.type().scale();
    if (vector.isCompact() && vector.scale() == scale) {
      return vector.unscaled()[position];
    }
    return vector.get(position).setScale(scale).unscaledValue().longValueExact();
  }
}
