package io.ppdb.relational.expr;

import io.ppdb.relational.type.ColumnType;
import io.ppdb.relational.vector.BooleanVector;
import io.ppdb.relational.vector.BytesVector;
import io.ppdb.relational.vector.DecimalVector;
import io.ppdb.relational.vector.DoubleVector;
import io.ppdb.relational.vector.IntVector;
import io.ppdb.relational.vector.LongVector;
import io.ppdb.relational.vector.Vector;
import io.ppdb.relational.vector.VectorBatch;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Tells whether a value lies in one of several ranges or among several points: IN with constants,
 * and the search arguments (Sarg) that the optimiser makes of comparisons with constants.
 *
 * <p>NULL gives NULL, true or false, as the search argument asks.
 */
final class Membership extends VectorExpression {
  /** Decides for one position that is not NULL. */
  @FunctionalInterface
  interface Test {
    boolean contains(Vector value, int position);
  }

  private final VectorExpression argument;
  private final Test test;
  private final @Nullable Boolean ofNull;
  private final BooleanVector result = new BooleanVector(ColumnType.BOOLEAN, 0);

  Membership(VectorExpression argument, Test test, @Nullable Boolean ofNull) {
    super(ColumnType.BOOLEAN);
    this.argument = argument;
    this.test = test;
    this.ofNull = ofNull;
  }

  @Override
  public Vector evaluate(VectorBatch batch, int @Nullable [] selection, int count) {
    Vector value = argument.evaluate(batch, selection, count);
    boolean[] nulls = value.nulls();
    result.reset(batch.rowCount());
    boolean[] out = result.values();
    for (int i = 0; i < count; i++) {
      int position = selection == null ? i : selection[i];
      if (nulls == null || !nulls[position]) {
        out[position] = test.contains(value, position);
      } else if (ofNull == null) {
        result.setNull(position);
      } else {
        out[position] = ofNull;
      }
    }
    return result;
  }

  /** Numbers, dates and times that lie in one of {@code ranges}, ascending and disjoint. */
  static Test inRanges(ColumnType type, List<Range> ranges) {
    if (type.kind().isFloat()) {
      Range[] all = ranges.toArray(Range[]::new);
      return (value, position) -> {
        double seen = ((DoubleVector) value).get(position);
        for (Range range : all) {
          if ((seen >= range.lower() && seen <= range.upper())
              || (Double.isNaN(seen) && range.nanInside())) {
            return true;
          }
        }
        return false;
      };
    }
    long[] first = ranges.stream().mapToLong(Range::first).toArray();
    long[] last = ranges.stream().mapToLong(Range::last).toArray();
    return (value, position) -> {
      long seen =
          value instanceof IntVector ints
              ? ints.get(position)
              : value instanceof LongVector longs
                  ? longs.get(position)
                  : ((DecimalVector) value).unscaled()[position];
      int index = Arrays.binarySearch(first, seen);
      int candidate = index >= 0 ? index : -index - 2;
      return candidate >= 0 && seen <= last[candidate];
    };
  }

  /** Byte strings that are one of {@code points}. */
  static Test amongBytes(List<byte[]> points) {
    Set<ByteBuffer> known = new HashSet<>();
    boolean[] knownLengths = new boolean[64];
    for (byte[] point : points) {
      known.add(ByteBuffer.wrap(point));
      knownLengths[Math.min(point.length, 63)] = true;
    }
    return (value, position) -> {
      BytesVector bytes = (BytesVector) value;
      int length = bytes.lengths()[position];
      return knownLengths[Math.min(length, 63)]
          && known.contains(ByteBuffer.wrap(bytes.arena(), bytes.starts()[position], length));
    };
  }
}
