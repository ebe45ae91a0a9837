package io.ppdb.relational.exec;

import io.ppdb.relational.vector.BooleanVector;
import io.ppdb.relational.vector.Vector;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** bool_and and bool_or. */
final class BooleanAccumulator implements Accumulator {
  private static final byte EMPTY = 0;
  private static final byte FALSE = 1;
  private static final byte TRUE = 2;

  private final boolean deciding; // false decides bool_and, true bool_or
  private byte[] states = {};

  BooleanAccumulator(boolean deciding) {
    this.deciding = deciding;
  }

  @Override
  public void ensureGroups(int groupCount) {
    if (groupCount > states.length) {
      states = Arrays.copyOf(states, Math.max(groupCount, states.length * 2));
    }
  }

  @Override
  public void add(
      Vector[] arguments, int @Nullable [] selection, int count, int @Nullable [] groups) {
    boolean[] values = ((BooleanVector) arguments[0]).values();
    for (int i = 0; i < count; i++) {
      boolean value = values[selection == null ? i : selection[i]];
      int group = groups == null ? 0 : groups[i];
      if (value == deciding || states[group] == EMPTY) {
        states[group] = value ? TRUE : FALSE;
      }
    }
  }

  @Override
  public void emit(int first, int count, Vector result) {
    for (int i = 0; i < count; i++) {
      if (states[first + i] == EMPTY) {
        result.setNull(i);
      } else {
        ((BooleanVector) result).set(i, states[first + i] == TRUE);
      }
    }
  }

  @Override
  public long sizeInBytes() {
    return states.length;
  }
}
