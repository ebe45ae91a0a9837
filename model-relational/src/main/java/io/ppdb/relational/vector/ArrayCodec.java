package io.ppdb.relational.vector;

import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.PpdbException;
import io.ppdb.relational.type.ColumnType;
import io.ppdb.relational.type.PhysicalType;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Arrays as bytes, in vectors and in rows; numbers are big-endian:
 *
 * <pre>
 * count   4 bytes
 * nulls   1 bit for each element, the lowest of a byte first, set where it is NULL
 * then, if the element type has a fixed width w (boolean 1; integers and dates 4; bigint, times
 * and floats 8; interval 16: months, days, microseconds)
 * values  w bytes for each element, zeros where it is NULL
 * or else
 * ends    4 bytes for each element: where it ends, counted from the first one's beginning
 * values  texts and bytes as they are; numeric: scale in 2 bytes, unscaled value
 * </pre>
 *
 * <p>An array of elements is one vector of their type, so that kernels for columns serve arrays.
 */
public final class ArrayCodec {
  private static final int INTERVAL_BYTES = 16;

  /** Rows hold values of at most this size anyway. */
  private static final int MAX_BYTES = 1 << 30;

  private ArrayCodec() {}

  /** How many elements the array at {@code position} has. */
  public static int count(BytesVector arrays, int position) {
    return ByteBuffer.wrap(arrays.arena()).getInt(arrays.starts()[position]);
  }

  /** The elements of the array at {@code position}, in a new vector. */
  public static Vector elements(BytesVector arrays, int position) {
    Vector elements = Vector.create(arrays.type().elementType(), 0);
    append(arrays, position, elements, 0);
    return elements;
  }

  /** Puts the elements of an array behind the first {@code at} of a vector; returns their count. */
  public static int append(BytesVector arrays, int position, Vector elements, int at) {
    ByteBuffer in = ByteBuffer.wrap(arrays.arena()).position(arrays.starts()[position]);
    int count = in.getInt();
    if (elements.capacity() < at + count) {
      elements.ensureCapacity(Math.max(at + count, 2 * at));
    }
    int nulls = in.position();
    in.position(nulls + (count + 7) / 8);
    int ends = in.position();
    int values = ends + 4 * count;
    for (int i = 0; i < count; i++) {
      boolean isNull = (in.get(nulls + i / 8) >> (i & 7) & 1) != 0;
      if (isNull) {
        elements.setNull(at + i);
      } else if (elements.hasNulls()) {
        elements.nullsForWriting()[at + i] = false;
      }
      if (elements instanceof IntVector ints) {
        ints.set(at + i, in.getInt());
      } else if (elements instanceof LongVector longs) {
        longs.set(at + i, in.getLong());
      } else if (elements instanceof DoubleVector doubles) {
        doubles.set(at + i, in.getDouble());
      } else if (elements instanceof BooleanVector booleans) {
        booleans.set(at + i, in.get() != 0);
      } else if (elements instanceof IntervalVector intervals) {
        intervals.set(at + i, in.getInt(), in.getInt(), in.getLong());
      } else if (!isNull) {
        int start = values + (i == 0 ? 0 : in.getInt(ends + 4 * (i - 1)));
        readVariable(
            arrays.arena(), start, values + in.getInt(ends + 4 * i) - start, elements, at + i);
      }
    }
    return count;
  }

  private static void readVariable(
      byte[] bytes, int start, int length, Vector elements, int position) {
    if (elements instanceof BytesVector slices) {
      slices.set(position, bytes, start, length);
    } else {
      BigInteger unscaled = new BigInteger(bytes, start + 2, length - 2);
      int scale = ByteBuffer.wrap(bytes).getShort(start);
      ((DecimalVector) elements).set(position, new BigDecimal(unscaled, scale));
    }
  }

  /** Lets {@code position} hold the array of elements {@code start … start + count}. */
  public static void set(BytesVector arrays, int position, Vector elements, int start, int count) {
    int[] positions = new int[count];
    for (int i = 0; i < count; i++) {
      positions[i] = start + i;
    }
    set(arrays, position, elements, positions, count);
  }

  /** Lets {@code position} hold the array of the elements at some positions; negative is NULL. */
  public static void set(
      BytesVector arrays, int position, Vector elements, int[] positions, int count) {
    int width = fixedWidth(elements.type().physical());
    long size = 4L + (count + 7) / 8 + (width > 0 ? (long) width * count : 4L * count);
    for (int i = 0; width == 0 && i < count; i++) {
      size += variableLength(elements, positions[i]);
    }
    if (size > MAX_BYTES) {
      throw new PpdbException(
          ErrorCode.VALUE_TOO_LARGE, "an array of " + size + " bytes; at most " + MAX_BYTES);
    }
    int arrayStart = arrays.reserve((int) size);
    ByteBuffer out = ByteBuffer.wrap(arrays.arena()).position(arrayStart);
    out.putInt(count);
    putNulls(out, elements, positions, count);
    if (width > 0) {
      for (int i = 0; i < count; i++) {
        putFixed(out, elements, positions[i], width);
      }
    } else {
      putVariable(out, elements, positions, count);
    }
    arrays.commit(position, arrayStart, (int) size);
  }

  private static boolean isNull(Vector elements, int position) {
    return position < 0 || elements.isNull(position);
  }

  private static void putNulls(ByteBuffer out, Vector elements, int[] positions, int count) {
    for (int i = 0; i < count; i += 8) {
      int bits = 0;
      for (int j = i; j < Math.min(count, i + 8); j++) {
        bits |= isNull(elements, positions[j]) ? 1 << (j - i) : 0;
      }
      out.put((byte) bits);
    }
  }

  private static void putFixed(ByteBuffer out, Vector elements, int position, int width) {
    if (isNull(elements, position)) {
      for (int i = 0; i < width; i++) {
        out.put((byte) 0);
      }
    } else if (elements instanceof IntVector ints) {
      out.putInt(ints.get(position));
    } else if (elements instanceof LongVector longs) {
      out.putLong(longs.get(position));
    } else if (elements instanceof DoubleVector doubles) {
      out.putDouble(doubles.get(position));
    } else if (elements instanceof BooleanVector booleans) {
      out.put((byte) (booleans.get(position) ? 1 : 0));
    } else {
      IntervalVector intervals = (IntervalVector) elements;
      out.putInt(intervals.months()[position]).putInt(intervals.days()[position]);
      out.putLong(intervals.micros()[position]);
    }
  }

  private static void putVariable(ByteBuffer out, Vector elements, int[] positions, int count) {
    int end = 0;
    for (int i = 0; i < count; i++) {
      end += variableLength(elements, positions[i]);
      out.putInt(end);
    }
    for (int i = 0; i < count; i++) {
      int position = positions[i];
      if (isNull(elements, position)) {
        continue;
      }
      if (elements instanceof BytesVector bytes) {
        out.put(bytes.arena(), bytes.starts()[position], bytes.lengths()[position]);
      } else {
        BigDecimal value = ((DecimalVector) elements).get(position);
        out.putShort((short) value.scale()).put(value.unscaledValue().toByteArray());
      }
    }
  }

  private static int variableLength(Vector elements, int position) {
    if (isNull(elements, position)) {
      return 0;
    }
    return elements instanceof BytesVector bytes
        ? bytes.lengths()[position]
        : 2 + ((DecimalVector) elements).get(position).unscaledValue().bitLength() / 8 + 1;
  }

  /** Bytes that every element takes; 0 if that varies. */
  private static int fixedWidth(PhysicalType type) {
    return switch (type) {
      case BOOLEAN -> 1;
      case INT -> 4;
      case LONG, DOUBLE -> 8;
      case INTERVAL -> INTERVAL_BYTES;
      case DECIMAL, BYTES, ENCODED -> 0;
    };
  }

  /** The elements as the objects that {@link Values} names. */
  static List<@Nullable Object> toList(BytesVector arrays, int position) {
    Vector elements = elements(arrays, position);
    int count = count(arrays, position);
    List<@Nullable Object> list = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      list.add(elements.getObject(i));
    }
    return Collections.unmodifiableList(list);
  }

  static void set(BytesVector arrays, int position, List<?> values) {
    set(arrays, position, vectorOf(arrays.type().elementType(), values), 0, values.size());
  }

  private static Vector vectorOf(ColumnType type, List<?> values) {
    Vector elements = Vector.create(type, values.size());
    for (int i = 0; i < values.size(); i++) {
      elements.setObject(i, values.get(i));
    }
    return elements;
  }
}
