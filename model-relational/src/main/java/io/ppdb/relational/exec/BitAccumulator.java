package io.ppdb.relational.exec;

import io.ppdb.relational.vector.IntVector;
import io.ppdb.relational.vector.LongVector;
import io.ppdb.relational.vector.Vector;
import java.util.Arrays;
import java.util.function.LongBinaryOperator;
import org.jspecify.annotations.Nullable;

/** bit_and, bit_or and bit_xor of integers. */
final class BitAccumulator implements Accumulator {
  private final LongBinaryOperator operation;
  private long[] states = {};
  private boolean[] seen = {};

  BitAccumulator(LongBinaryOperator operation) {
    this.operation = operation;
  }

  @Override
  public void ensureGroups(int groupCount) {
    if (groupCount > seen.length) {
      int capacity = Math.max(groupCount, 2 * seen.length);
      states = Arrays.copyOf(states, capacity);
      seen = Arrays.copyOf(seen, capacity);
    }
  }

  @Override
  public void add(
      Vector[] arguments, int @Nullable [] selection, int count, int @Nullable [] groups) {
    for (int i = 0; i < count; i++) {
      int position = selection == null ? i : selection[i];
      int group = groups == null ? 0 : groups[i];
      long value =
          arguments[0] instanceof IntVector ints
              ? ints.get(position)
              : ((LongVector) arguments[0]).get(position);
      states[group] = seen[group] ? operation.applyAsLong(states[group], value) : value;
      seen[group] = true;
    }
  }

  @Override
  public void emit(int first, int count, Vector result) {
    for (int i = 0; i < count; i++) {
      if (!seen[first + i]) {
        result.setNull(i);
      } else if (result instanceof IntVector ints) {
        ints.set(i, (int) states[first + i]);
      } else {
        ((LongVector) result).set(i, states[first + i]);
      }
    }
  }

  @Override
  public long sizeInBytes() {
    return 9L * seen.length;
  }
}
