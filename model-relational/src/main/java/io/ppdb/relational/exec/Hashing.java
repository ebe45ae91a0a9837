package io.ppdb.relational.exec;

import io.ppdb.relational.json.JsonComparison;
import io.ppdb.relational.type.Interval;
import io.ppdb.relational.type.PhysicalType;
import io.ppdb.relational.type.TypeKind;
import io.ppdb.relational.vector.ArrayCodec;
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
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/** Hashes of values, a vector at a time; values that SQL calls equal have equal hashes. */
final class Hashing {
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long NULL_HASH = 0x9E3779B97F4A7C15L;
  private static final long MULTIPLIER = 0xFF51AFD7ED558CCDL;

  private Hashing() {}

  /** Spreads all bits of a key over all bits of the hash (the finaliser of MurmurHash3). */
  static long mix(long key) {
    long hash = (key ^ (key >>> 33)) * MULTIPLIER;
    hash = (hash ^ (hash >>> 33)) * 0xC4CEB9FE1A85EC53L;
    return hash ^ (hash >>> 33);
  }

  /** Writes the hashes of the selected rows, the columns taken together, to {@code hashes}. */
  static void hash(Vector[] columns, int @Nullable [] selection, int count, long[] hashes) {
    java.util.Arrays.fill(hashes, 0, count, 0);
    for (Vector column : columns) {
      addHash(column, selection, count, hashes);
    }
  }

  private static void addHash(Vector column, int @Nullable [] selection, int count, long[] hashes) {
    boolean[] nulls = column.nulls();
    if (column instanceof IntVector ints) {
      int[] values = ints.values();
      for (int i = 0; i < count; i++) {
        int position = selection == null ? i : selection[i];
        hashes[i] = combine(hashes[i], values[position], nulls, position);
      }
    } else if (column instanceof LongVector longs) {
      long[] values = longs.values();
      for (int i = 0; i < count; i++) {
        int position = selection == null ? i : selection[i];
        hashes[i] = combine(hashes[i], values[position], nulls, position);
      }
    } else {
      for (int i = 0; i < count; i++) {
        int position = selection == null ? i : selection[i];
        long key = nulls != null && nulls[position] ? 0 : key(column, position);
        hashes[i] = combine(hashes[i], key, nulls, position);
      }
    }
  }

  private static long combine(long hash, long key, boolean @Nullable [] nulls, int position) {
    long part = nulls != null && nulls[position] ? NULL_HASH : key;
    return mix(hash * 31 + part);
  }

  private static long key(Vector column, int position) {
    if (column instanceof BytesVector bytes) {
      if (column.type().physical() == PhysicalType.ENCODED) {
        return hashEncoded(bytes, position);
      }
      return hashBytes(bytes.arena(), bytes.starts()[position], bytes.lengths()[position]);
    } else if (column instanceof DoubleVector doubles) {
      return Double.doubleToLongBits(doubles.get(position) + 0.0); // -0.0 + 0.0 is 0.0
    } else if (column instanceof DecimalVector decimals) {
      return decimals.isCompact()
          ? hashDecimal(decimals.unscaled()[position], decimals.scale())
          : hashDecimal(decimals.wide()[position]);
    } else if (column instanceof BooleanVector booleans) {
      return booleans.get(position) ? 1 : 0;
    }
    IntervalVector intervals = (IntervalVector) column;
    int months = intervals.months()[position];
    int days = intervals.days()[position];
    long micros = intervals.micros()[position];
    return Interval.wholeDays(months, days, micros) * 31 + Interval.microsOfDay(micros);
  }

  private static long hashBytes(byte[] bytes, int start, int length) {
    long hash = length;
    int index = start;
    int end = start + length;
    for (; index + 8 <= end; index += 8) {
      hash = mix(hash ^ (long) LONGS.get(bytes, index));
    }
    long tail = 0;
    for (; index < end; index++) {
      tail = tail << 8 | (bytes[index] & 0xFF);
    }
    return hash * MULTIPLIER + tail;
  }

  private static long hashEncoded(BytesVector column, int position) {
    if (column.type().kind() == TypeKind.JSON) {
      return JsonComparison.hash(
          column.arena(), column.starts()[position], column.lengths()[position]);
    }
    Vector elements = ArrayCodec.elements(column, position);
    long hash = 1;
    for (int i = 0; i < ArrayCodec.count(column, position); i++) {
      long key = elements.isNull(i) ? 0 : key(elements, i);
      hash = combine(hash, key, elements.nulls(), i);
    }
    return hash;
  }

  /** 1.50 and 1.5 are equal: trailing zeros do not count. */
  private static long hashDecimal(long unscaled, int scale) {
    long digits = unscaled;
    int digitsBehind = scale;
    while (digits != 0 && digits % 10 == 0) {
      digits /= 10;
      digitsBehind--;
    }
    return digits == 0 ? 0 : digits * 31 + digitsBehind;
  }

  private static long hashDecimal(BigDecimal value) {
    BigDecimal stripped = value.stripTrailingZeros();
    return stripped.unscaledValue().bitLength() < Long.SIZE
        ? hashDecimal(stripped.unscaledValue().longValue(), stripped.scale())
        : stripped.unscaledValue().hashCode() * 31L + stripped.scale();
  }
}
