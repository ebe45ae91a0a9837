package io.ppdb.timeseries.segment;

import io.ppdb.relational.type.ColumnType;
import io.ppdb.relational.type.PhysicalType;
import io.ppdb.relational.vector.BooleanVector;
import io.ppdb.relational.vector.BytesVector;
import io.ppdb.relational.vector.DecimalVector;
import io.ppdb.relational.vector.DoubleVector;
import io.ppdb.relational.vector.IntVector;
import io.ppdb.relational.vector.IntervalVector;
import io.ppdb.relational.vector.LongVector;
import io.ppdb.relational.vector.Vector;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Reads the chunk of one column: encoding byte, bitmap of NULLs if announced, payload.
 *
 * <p>Opening parses what precedes the values; {@link #decode} touches only the rows it is asked
 * for. Not thread-safe.
 */
final class ColumnChunk {
  private static final byte[] NO_BYTES = {};

  private final ColumnType type;
  private final IntegerRun integers = new IntegerRun();
  private final Dictionary dictionary = new Dictionary();
  private final IntegerRun days = new IntegerRun();
  private final IntegerRun micros = new IntegerRun();

  private int encoding;
  private int rowCount;
  private byte[] array = NO_BYTES;
  private byte @Nullable [] nulls;
  private int nullsStart;
  private int valuesStart;

  /** Exponent of scaled doubles, scale of decimals. */
  private int scale;

  /** Where the value of each row ends, if {@link #valueEndsKnown}; for plain byte strings. */
  private int[] valueEnds = new int[0];

  private boolean valueEndsKnown;
  private int valuesEnd;
  private long[] longScratch = new long[0];
  private int[] codeScratch = new int[0];

  ColumnChunk(ColumnType type) {
    this.type = type;
  }

  /** Takes the chunk that {@code source} shows; an empty one holds NULL only. */
  void open(ByteSource source, int newRowCount) {
    rowCount = newRowCount;
    array = source.array();
    nulls = null;
    valueEndsKnown = false;
    if (source.position() == source.end()) {
      encoding = Encoding.ALL_NULL;
      return;
    }
    int first = source.readByte();
    encoding = first & ~Encoding.HAS_NULLS;
    if ((first & Encoding.HAS_NULLS) != 0) {
      nulls = array;
      nullsStart = source.skip((rowCount + 7) >> 3);
    }
    readPayload(source);
    if (!fits(encoding, type.physical())) {
      throw ByteSource.corrupt("encoding " + encoding + " in a column of type " + type);
    }
  }

  private void readPayload(ByteSource source) {
    switch (encoding) {
      case Encoding.ALL_NULL -> {}
      case Encoding.INTEGER -> integers.read(source, rowCount);
      case Encoding.SCALED -> {
        scale = source.readByte();
        integers.read(source, rowCount);
      }
      case Encoding.DOUBLE -> valuesStart = source.skip(8L * rowCount);
      case Encoding.FLOAT -> valuesStart = source.skip(4L * rowCount);
      case Encoding.BOOLEAN -> valuesStart = source.skip((rowCount + 7) >> 3);
      case Encoding.DICTIONARY -> dictionary.read(source, rowCount, nulls, nullsStart);
      case Encoding.PLAIN, Encoding.WIDE_DECIMAL -> {
        integers.read(source, rowCount);
        valuesStart = source.position();
        valuesEnd = source.end();
      }
      case Encoding.DECIMAL -> {
        scale = source.readCount("scale", Short.MAX_VALUE);
        integers.read(source, rowCount);
      }
      case Encoding.INTERVAL -> {
        integers.read(source, rowCount);
        days.read(source, rowCount);
        micros.read(source, rowCount);
      }
      default -> throw ByteSource.corrupt("unknown encoding " + encoding);
    }
  }

  private static boolean fits(int encoding, PhysicalType physical) {
    return switch (encoding) {
      case Encoding.ALL_NULL -> true;
      case Encoding.INTEGER -> physical == PhysicalType.INT || physical == PhysicalType.LONG;
      case Encoding.SCALED, Encoding.DOUBLE, Encoding.FLOAT -> physical == PhysicalType.DOUBLE;
      case Encoding.BOOLEAN -> physical == PhysicalType.BOOLEAN;
      case Encoding.DICTIONARY, Encoding.PLAIN -> physical == PhysicalType.BYTES;
      case Encoding.DECIMAL, Encoding.WIDE_DECIMAL -> physical == PhysicalType.DECIMAL;
      default -> physical == PhysicalType.INTERVAL;
    };
  }

  /** The value of a row of a column of integers without NULLs: the designated timestamp. */
  long integerAt(int row) {
    if (encoding != Encoding.INTEGER) {
      throw ByteSource.corrupt("encoding " + encoding + " in the timestamp column");
    }
    return integers.get(row);
  }

  @Nullable Dictionary dictionary() {
    if (encoding == Encoding.ALL_NULL) {
      return null;
    }
    if (encoding != Encoding.DICTIONARY) {
      throw ByteSource.corrupt("encoding " + encoding + " in a tag column");
    }
    return dictionary;
  }

  /** See {@link Segment#decode}. */
  void decode(int from, int @Nullable [] rows, int count, Vector target, int at) {
    if (encoding == Encoding.ALL_NULL || nulls != null) {
      decodeNulls(from, rows, count, target, at);
    } else if (target.hasNulls()) {
      Arrays.fill(target.nullsForWriting(), at, at + count, false);
    }
    switch (encoding) {
      case Encoding.ALL_NULL -> {}
      case Encoding.INTEGER -> {
        if (target instanceof LongVector longs) {
          integers.decode(from, rows, count, longs.values(), at);
        } else {
          integers.decode(from, rows, count, ((IntVector) target).values(), at);
        }
      }
      case Encoding.SCALED, Encoding.DOUBLE, Encoding.FLOAT ->
          decodeDoubles(from, rows, count, ((DoubleVector) target).values(), at);
      case Encoding.BOOLEAN ->
          decodeBooleans(from, rows, count, ((BooleanVector) target).values(), at);
      case Encoding.DICTIONARY -> decodeCodes(from, rows, count, (BytesVector) target, at);
      case Encoding.PLAIN -> decodePlain(from, rows, count, (BytesVector) target, at);
      case Encoding.DECIMAL, Encoding.WIDE_DECIMAL ->
          decodeDecimals(from, rows, count, (DecimalVector) target, at);
      default -> {
        IntervalVector intervals = (IntervalVector) target;
        integers.decode(from, rows, count, intervals.months(), at);
        days.decode(from, rows, count, intervals.days(), at);
        micros.decode(from, rows, count, intervals.micros(), at);
      }
    }
  }

  private void decodeNulls(int from, int @Nullable [] rows, int count, Vector target, int at) {
    boolean[] marks = target.nullsForWriting();
    for (int i = 0; i < count; i++) {
      marks[at + i] = isNull(rows == null ? from + i : rows[from + i]);
    }
  }

  private boolean isNull(int row) {
    byte[] bitmap = nulls;
    return bitmap == null ? encoding == Encoding.ALL_NULL : bit(bitmap, nullsStart, row);
  }

  private static boolean bit(byte[] bytes, int start, int index) {
    return (bytes[start + (index >> 3)] >> (index & 7) & 1) != 0;
  }

  private void decodeDoubles(int from, int @Nullable [] rows, int count, double[] target, int at) {
    if (encoding == Encoding.SCALED) {
      if (longScratch.length < count) {
        longScratch = new long[count];
      }
      integers.decode(from, rows, count, longScratch, 0);
      double power = ScaledDoubles.power(scale);
      for (int i = 0; i < count; i++) {
        target[at + i] = longScratch[i] / power;
      }
      return;
    }
    for (int i = 0; i < count; i++) {
      int row = rows == null ? from + i : rows[from + i];
      target[at + i] =
          encoding == Encoding.DOUBLE
              ? Double.longBitsToDouble(ByteSource.longAt(array, valuesStart + 8 * row))
              : Float.intBitsToFloat(ByteSource.intAt(array, valuesStart + 4 * row));
    }
  }

  private void decodeBooleans(
      int from, int @Nullable [] rows, int count, boolean[] target, int at) {
    for (int i = 0; i < count; i++) {
      target[at + i] = bit(array, valuesStart, rows == null ? from + i : rows[from + i]);
    }
  }

  private void decodeCodes(int from, int @Nullable [] rows, int count, BytesVector target, int at) {
    if (codeScratch.length < count) {
      codeScratch = new int[count];
    }
    int[] codes = codeScratch;
    dictionary.codes().decode(from, rows, count, codes, 0);
    if (dictionary.entryCount() > count) {
      for (int i = 0; i < count; i++) {
        int start = dictionary.start(codes[i]);
        target.set(at + i, dictionary.array(), start, dictionary.end(codes[i]) - start);
      }
      return;
    }
    // The entries go into the arena once; every row points to its own.
    int first = dictionary.start(0);
    int byteCount = dictionary.end(dictionary.entryCount() - 1) - first;
    int arenaStart = target.reserve(byteCount);
    System.arraycopy(dictionary.array(), first, target.arena(), arenaStart, byteCount);
    target.commit(at, arenaStart, byteCount);
    int shift = arenaStart - first;
    for (int i = 0; i < count; i++) {
      int start = dictionary.start(codes[i]);
      target.setSlice(at + i, start + shift, dictionary.end(codes[i]) - start);
    }
  }

  private void decodePlain(int from, int @Nullable [] rows, int count, BytesVector target, int at) {
    findValueEnds();
    for (int i = 0; i < count; i++) {
      int row = rows == null ? from + i : rows[from + i];
      int start = valueStart(row);
      target.set(at + i, array, start, valueEnds[row] - start);
    }
  }

  private void decodeDecimals(
      int from, int @Nullable [] rows, int count, DecimalVector target, int at) {
    if (encoding == Encoding.WIDE_DECIMAL) {
      findValueEnds();
      for (int i = 0; i < count; i++) {
        int row = rows == null ? from + i : rows[from + i];
        if (!isNull(row)) {
          target.set(at + i, wideDecimal(row));
        }
      }
      return;
    }
    if (at == 0) {
      target.beginCompact(scale);
    }
    if (target.isCompact() && target.scale() == scale) {
      integers.decode(from, rows, count, target.unscaled(), at);
      return;
    }
    for (int i = 0; i < count; i++) {
      long unscaled = integers.get(rows == null ? from + i : rows[from + i]);
      target.set(at + i, BigDecimal.valueOf(unscaled, scale));
    }
  }

  private BigDecimal wideDecimal(int row) {
    ByteSource value = new ByteSource();
    value.reset(array, valueStart(row), valueEnds[row]);
    long valueScale = value.readSignedVarint();
    int digitsStart = value.position();
    int byteCount = value.end() - digitsStart;
    if (byteCount == 0 || valueScale != (int) valueScale) {
      throw ByteSource.corrupt("decimal of scale " + valueScale + " in " + byteCount + " bytes");
    }
    return new BigDecimal(new BigInteger(array, digitsStart, byteCount), (int) valueScale);
  }

  private int valueStart(int row) {
    return row == 0 ? valuesStart : valueEnds[row - 1];
  }

  private void findValueEnds() {
    if (valueEndsKnown) {
      return;
    }
    if (valueEnds.length < rowCount) {
      valueEnds = new int[rowCount];
    }
    long end = valuesStart;
    for (int row = 0; row < rowCount; row++) {
      long length = integers.get(row);
      end += length;
      if (length < 0 || end > valuesEnd) {
        throw ByteSource.corrupt("value " + row + " of " + length + " bytes ends at " + end);
      }
      valueEnds[row] = (int) end;
    }
    valueEndsKnown = true;
  }
}
