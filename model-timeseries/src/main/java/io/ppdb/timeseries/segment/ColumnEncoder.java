package io.ppdb.timeseries.segment;

import io.ppdb.relational.type.TypeKind;
import io.ppdb.relational.vector.BooleanVector;
import io.ppdb.relational.vector.BytesVector;
import io.ppdb.relational.vector.DecimalVector;
import io.ppdb.relational.vector.DoubleVector;
import io.ppdb.relational.vector.IntVector;
import io.ppdb.relational.vector.IntervalVector;
import io.ppdb.relational.vector.LongVector;
import io.ppdb.relational.vector.Vector;
import java.math.BigDecimal;

/**
 * Writes the values of one column as a chunk, choosing the encoding by looking at all of them.
 *
 * <p>Keeps its scratch space from call to call. Not thread-safe.
 */
final class ColumnEncoder {
  /** A column other than a tag becomes a dictionary if each entry stands for so many values. */
  private static final int MIN_VALUES_PER_ENTRY = 2;

  private final ByteSink payload = new ByteSink();
  private long[] integers = new long[0];

  /**
   * Writes the values at {@code positions[from..from + count)} of {@code vector}.
   *
   * @param dictionary whether a dictionary is wanted even if it is the longer form: for tags
   */
  void encode(
      Vector vector, int[] positions, int from, int count, boolean dictionary, ByteSink sink) {
    if (integers.length < count) {
      integers = new long[Math.max(count, 2 * integers.length)];
    }
    int nullCount = 0;
    if (vector.hasNulls()) {
      for (int i = 0; i < count; i++) {
        nullCount += vector.isNull(positions[from + i]) ? 1 : 0;
      }
    }
    if (nullCount == count) {
      sink.writeByte(Encoding.ALL_NULL);
      return;
    }
    payload.clear();
    int encoding = encodeValues(vector, positions, from, count, dictionary);
    sink.writeByte(nullCount == 0 ? encoding : encoding | Encoding.HAS_NULLS);
    if (nullCount > 0) {
      writeBits(count, i -> vector.isNull(positions[from + i]), sink);
    }
    sink.write(payload);
  }

  private int encodeValues(
      Vector vector, int[] positions, int from, int count, boolean dictionary) {
    if (vector instanceof LongVector longs) {
      gather(vector, positions, from, count, position -> longs.values()[position]);
      IntegerRun.encode(integers, count, payload);
      return Encoding.INTEGER;
    }
    if (vector instanceof IntVector ints) {
      gather(vector, positions, from, count, position -> ints.values()[position]);
      IntegerRun.encode(integers, count, payload);
      return Encoding.INTEGER;
    }
    if (vector instanceof DoubleVector doubles) {
      return encodeDoubles(doubles, positions, from, count);
    }
    if (vector instanceof BytesVector bytes) {
      return encodeBytes(bytes, positions, from, count, dictionary);
    }
    if (vector instanceof DecimalVector decimals) {
      return encodeDecimals(decimals, positions, from, count);
    }
    if (vector instanceof IntervalVector intervals) {
      gather(vector, positions, from, count, position -> intervals.months()[position]);
      IntegerRun.encode(integers, count, payload);
      gather(vector, positions, from, count, position -> intervals.days()[position]);
      IntegerRun.encode(integers, count, payload);
      gather(vector, positions, from, count, position -> intervals.micros()[position]);
      IntegerRun.encode(integers, count, payload);
      return Encoding.INTERVAL;
    }
    BooleanVector booleans = (BooleanVector) vector;
    writeBits(
        count,
        i -> !vector.isNull(positions[from + i]) && booleans.get(positions[from + i]),
        payload);
    return Encoding.BOOLEAN;
  }

  private int encodeDoubles(DoubleVector vector, int[] positions, int from, int count) {
    if (vector.type().kind() == TypeKind.REAL) {
      for (int i = 0; i < count; i++) {
        int position = positions[from + i];
        float value = vector.isNull(position) ? 0 : (float) vector.get(position);
        payload.writeInt(Float.floatToRawIntBits(value));
      }
      return Encoding.FLOAT;
    }
    int exponent = ScaledDoubles.exponentOf(vector, positions, from, count, integers);
    if (exponent >= 0) {
      fillNulls(vector, positions, from, count);
      payload.writeByte(exponent);
      IntegerRun.encode(integers, count, payload);
      return Encoding.SCALED;
    }
    for (int i = 0; i < count; i++) {
      int position = positions[from + i];
      payload.writeLong(
          vector.isNull(position) ? 0 : Double.doubleToRawLongBits(vector.get(position)));
    }
    return Encoding.DOUBLE;
  }

  private int encodeBytes(
      BytesVector vector, int[] positions, int from, int count, boolean wanted) {
    DictionaryBuilder dictionary = new DictionaryBuilder(vector.arena());
    int maxEntries = wanted ? count : count / MIN_VALUES_PER_ENTRY;
    for (int i = 0; i < count && dictionary.entryCount() <= maxEntries; i++) {
      int position = positions[from + i];
      if (!vector.isNull(position)) {
        integers[i] = dictionary.add(vector.starts()[position], vector.lengths()[position]);
      }
    }
    if (dictionary.entryCount() <= maxEntries) {
      int[] codes = dictionary.encode(payload);
      for (int i = 0; i < count; i++) {
        integers[i] = vector.isNull(positions[from + i]) ? 0 : codes[(int) integers[i]];
      }
      IntegerRun.encode(integers, count, 0L, (long) codes.length - 1, payload);
      return Encoding.DICTIONARY;
    }
    for (int i = 0; i < count; i++) {
      int position = positions[from + i];
      integers[i] = vector.isNull(position) ? 0 : vector.lengths()[position];
    }
    IntegerRun.encode(integers, count, payload);
    for (int i = 0; i < count; i++) {
      payload.writeBytes(vector.arena(), vector.starts()[positions[from + i]], (int) integers[i]);
    }
    return Encoding.PLAIN;
  }

  private int encodeDecimals(DecimalVector vector, int[] positions, int from, int count) {
    if (fitsLongs(vector, positions, from, count)) {
      payload.writeVarint(commonScale(vector, positions, from, count));
      gather(
          vector,
          positions,
          from,
          count,
          position ->
              vector.isCompact()
                  ? vector.unscaled()[position]
                  : vector.get(position).unscaledValue().longValue());
      IntegerRun.encode(integers, count, payload);
      return Encoding.DECIMAL;
    }
    ByteSink digits = new ByteSink();
    for (int i = 0; i < count; i++) {
      int position = positions[from + i];
      int start = digits.length();
      if (!vector.isNull(position)) {
        BigDecimal value = vector.get(position);
        byte[] unscaled = value.unscaledValue().toByteArray();
        digits.writeSignedVarint(value.scale());
        digits.writeBytes(unscaled, 0, unscaled.length);
      }
      integers[i] = (long) digits.length() - start;
    }
    IntegerRun.encode(integers, count, payload);
    payload.write(digits);
    return Encoding.WIDE_DECIMAL;
  }

  private static boolean fitsLongs(DecimalVector vector, int[] positions, int from, int count) {
    if (vector.isCompact()) {
      return true;
    }
    int scale = commonScale(vector, positions, from, count);
    for (int i = 0; i < count; i++) {
      int position = positions[from + i];
      if (!vector.isNull(position)) {
        BigDecimal value = vector.get(position);
        if (value.scale() != scale || scale < 0 || value.unscaledValue().bitLength() >= Long.SIZE) {
          return false;
        }
      }
    }
    return true;
  }

  /** The scale of the first value that is not NULL; there is one. */
  private static int commonScale(DecimalVector vector, int[] positions, int from, int count) {
    if (vector.isCompact()) {
      return vector.scale();
    }
    for (int i = 0; i < count; i++) {
      if (!vector.isNull(positions[from + i])) {
        return vector.get(positions[from + i]).scale();
      }
    }
    throw new IllegalStateException("a column without values is written as one");
  }

  /** Collects integers; NULLs take the value of a neighbour, so that they widen no range. */
  private void gather(Vector vector, int[] positions, int from, int count, LongSource source) {
    for (int i = 0; i < count; i++) {
      integers[i] = source.get(positions[from + i]);
    }
    fillNulls(vector, positions, from, count);
  }

  private void fillNulls(Vector vector, int[] positions, int from, int count) {
    if (!vector.hasNulls()) {
      return;
    }
    int first = 0;
    while (vector.isNull(positions[from + first])) {
      first++;
    }
    long last = integers[first];
    for (int i = 0; i < count; i++) {
      if (vector.isNull(positions[from + i])) {
        integers[i] = last;
      }
      last = integers[i];
    }
  }

  private static void writeBits(int count, BitSource source, ByteSink sink) {
    for (int start = 0; start < count; start += 8) {
      int bits = 0;
      for (int i = start; i < Math.min(start + 8, count); i++) {
        bits |= source.get(i) ? 1 << (i - start) : 0;
      }
      sink.writeByte(bits);
    }
  }

  /** The integer at a position. */
  private interface LongSource {
    long get(int position);
  }

  /** The bit with a number. */
  private interface BitSource {
    boolean get(int index);
  }
}
