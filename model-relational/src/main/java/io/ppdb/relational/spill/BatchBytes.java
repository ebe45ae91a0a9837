package io.ppdb.relational.spill;

import io.ppdb.relational.vector.BooleanVector;
import io.ppdb.relational.vector.BytesVector;
import io.ppdb.relational.vector.DecimalVector;
import io.ppdb.relational.vector.DoubleVector;
import io.ppdb.relational.vector.IntVector;
import io.ppdb.relational.vector.IntervalVector;
import io.ppdb.relational.vector.LongVector;
import io.ppdb.relational.vector.Vector;
import io.ppdb.relational.vector.VectorBatch;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Rows as bytes, column by column, little-endian: their number i32, then of each column a form u8
 * ({@link #HAS_NULLS}, {@link #IS_WIDE}), a byte a row if there are NULLs, and the values.
 *
 * <p>Values are i32, i64, f64 bits or a byte a row; of byte strings first the lengths i32; of
 * decimals the scale i32 and i64 values or, if they are wide, for each row scale i32, length i32
 * and the unscaled value; of intervals months i32, days i32, microseconds i64. What stands at NULL
 * is zero. Not thread-safe.
 */
final class BatchBytes {
  private static final int HAS_NULLS = 1;
  private static final int IS_WIDE = 2;
  private static final int INITIAL_BYTES = 64 << 10;

  private ByteBuffer buffer = ByteBuffer.allocate(0);

  int size() {
    return buffer.position();
  }

  int capacity() {
    return buffer.capacity();
  }

  byte[] array() {
    return buffer.array();
  }

  void clear() {
    buffer.clear();
  }

  void release() {
    buffer = ByteBuffer.allocate(0);
  }

  void putInt(int value) {
    room(Integer.BYTES).putInt(value);
  }

  void setInt(int at, int value) {
    buffer.putInt(at, value);
  }

  private ByteBuffer room(long bytes) {
    if (buffer.remaining() < bytes) {
      long wanted = Math.max(buffer.position() + bytes, Math.max(INITIAL_BYTES, 2L * capacity()));
      byte[] grown = Arrays.copyOf(buffer.array(), Math.toIntExact(wanted));
      int position = buffer.position();
      buffer = ByteBuffer.wrap(grown).order(ByteOrder.LITTLE_ENDIAN).position(position);
    }
    return buffer;
  }

  /** Appends the live rows {@code from … to} of {@code batch}. */
  void putRows(VectorBatch batch, int from, int to) {
    int[] positions = new int[to - from];
    for (int i = 0; i < positions.length; i++) {
      positions[i] = batch.position(from + i);
    }
    putInt(positions.length);
    for (Vector column : batch.columns()) {
      putColumn(column, positions);
    }
  }

  private void putColumn(Vector column, int[] positions) {
    int count = positions.length;
    boolean wide = column instanceof DecimalVector decimals && !decimals.isCompact();
    int form = (column.hasNulls() ? HAS_NULLS : 0) | (wide ? IS_WIDE : 0);
    room(1L + count).put((byte) form);
    if (column.hasNulls()) {
      for (int position : positions) {
        buffer.put((byte) (column.isNull(position) ? 1 : 0));
      }
    }
    if (column instanceof IntVector ints) {
      room(4L * count);
      for (int position : positions) {
        buffer.putInt(ints.get(position));
      }
    } else if (column instanceof LongVector longs) {
      room(8L * count);
      for (int position : positions) {
        buffer.putLong(longs.get(position));
      }
    } else if (column instanceof DoubleVector doubles) {
      room(8L * count);
      for (int position : positions) {
        buffer.putDouble(doubles.get(position));
      }
    } else if (column instanceof BooleanVector booleans) {
      room(count);
      for (int position : positions) {
        buffer.put((byte) (booleans.get(position) ? 1 : 0));
      }
    } else if (column instanceof BytesVector bytes) {
      putBytes(bytes, positions);
    } else if (column instanceof DecimalVector decimals) {
      putDecimals(decimals, positions);
    } else {
      putIntervals((IntervalVector) column, positions);
    }
  }

  private void putBytes(BytesVector column, int[] positions) {
    int count = positions.length;
    long total = 0;
    room(4L * count);
    for (int position : positions) {
      int length = column.isNull(position) ? 0 : column.lengths()[position];
      buffer.putInt(length);
      total += length;
    }
    room(total);
    for (int position : positions) {
      if (!column.isNull(position)) {
        buffer.put(column.arena(), column.starts()[position], column.lengths()[position]);
      }
    }
  }

  private void putDecimals(DecimalVector column, int[] positions) {
    int count = positions.length;
    if (column.isCompact()) {
      room(4 + 8L * count).putInt(column.scale());
      for (int position : positions) {
        buffer.putLong(column.unscaled()[position]);
      }
      return;
    }
    for (int position : positions) {
      BigDecimal value = column.isNull(position) ? BigDecimal.ZERO : column.get(position);
      byte[] unscaled = value.unscaledValue().toByteArray();
      room(8L + unscaled.length).putInt(value.scale()).putInt(unscaled.length).put(unscaled);
    }
  }

  private void putIntervals(IntervalVector column, int[] positions) {
    room(16L * positions.length);
    for (int position : positions) {
      buffer.putInt(column.months()[position]).putInt(column.days()[position]);
      buffer.putLong(column.micros()[position]);
    }
  }

  /** Reads rows that were put from a batch with the same types of columns. */
  static void readRows(ByteBuffer bytes, VectorBatch batch) {
    int count = bytes.getInt();
    batch.reset(count);
    for (Vector column : batch.columns()) {
      readColumn(bytes, column, count);
    }
    batch.setRowCount(count);
  }

  private static void readColumn(ByteBuffer bytes, Vector column, int count) {
    int form = bytes.get();
    if ((form & HAS_NULLS) != 0) {
      boolean[] nulls = column.nullsForWriting();
      for (int i = 0; i < count; i++) {
        nulls[i] = bytes.get() != 0;
      }
    }
    if (column instanceof IntVector ints) {
      for (int i = 0; i < count; i++) {
        ints.set(i, bytes.getInt());
      }
    } else if (column instanceof LongVector longs) {
      for (int i = 0; i < count; i++) {
        longs.set(i, bytes.getLong());
      }
    } else if (column instanceof DoubleVector doubles) {
      for (int i = 0; i < count; i++) {
        doubles.set(i, bytes.getDouble());
      }
    } else if (column instanceof BooleanVector booleans) {
      for (int i = 0; i < count; i++) {
        booleans.set(i, bytes.get() != 0);
      }
    } else if (column instanceof BytesVector strings) {
      readBytes(bytes, strings, count);
    } else if (column instanceof DecimalVector decimals) {
      readDecimals(bytes, decimals, count, (form & IS_WIDE) != 0);
    } else {
      IntervalVector intervals = (IntervalVector) column;
      for (int i = 0; i < count; i++) {
        intervals.set(i, bytes.getInt(), bytes.getInt(), bytes.getLong());
      }
    }
  }

  private static void readBytes(ByteBuffer bytes, BytesVector column, int count) {
    int lengths = bytes.position();
    int start = lengths + 4 * count;
    for (int i = 0; i < count; i++) {
      int length = bytes.getInt(lengths + 4 * i);
      column.set(i, bytes.array(), bytes.arrayOffset() + start, length);
      start += length;
    }
    bytes.position(start);
  }

  private static void readDecimals(
      ByteBuffer bytes, DecimalVector column, int count, boolean isWide) {
    if (!isWide) {
      column.beginCompact(bytes.getInt());
      for (int i = 0; i < count; i++) {
        column.unscaled()[i] = bytes.getLong();
      }
      return;
    }
    BigDecimal[] values = column.beginWide();
    for (int i = 0; i < count; i++) {
      int scale = bytes.getInt();
      byte[] unscaled = new byte[bytes.getInt()];
      bytes.get(unscaled);
      values[i] = new BigDecimal(new BigInteger(unscaled), scale);
    }
  }
}
