package io.ppdb.relational.exec;

import io.ppdb.relational.expr.Comparison;
import io.ppdb.relational.type.ColumnType;
import io.ppdb.relational.vector.BytesVector;
import io.ppdb.relational.vector.DecimalVector;
import io.ppdb.relational.vector.DoubleVector;
import io.ppdb.relational.vector.IntVector;
import io.ppdb.relational.vector.LongVector;
import io.ppdb.relational.vector.Vector;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * min, max and any_value: the best value so far of each group, in a vector of the argument's type.
 *
 * <p>Bytes that a better string replaced stay in that vector's arena until they outweigh the live
 * ones; then it is copied.
 */
final class ExtremeAccumulator implements Accumulator {
  private static final int MIN_ARENA_BYTES = 1 << 16;

  private final int wantedSign; // of compare(new, best): -1 min, 1 max, 0 never replaces
  private final ColumnType type;
  private Vector best;
  private boolean[] seen = {};
  private int groupCount;
  private final int[] single = new int[1];

  ExtremeAccumulator(ColumnType type, int wantedSign) {
    this.type = type;
    this.wantedSign = wantedSign;
    this.best = Vector.create(type, 0);
  }

  @Override
  public void ensureGroups(int newGroupCount) {
    groupCount = Math.max(groupCount, newGroupCount);
    if (newGroupCount > seen.length) {
      seen = Arrays.copyOf(seen, Math.max(newGroupCount, seen.length * 2));
      best.ensureCapacity(seen.length);
    }
  }

  @Override
  public void add(
      Vector[] arguments, int @Nullable [] selection, int count, int @Nullable [] groups) {
    Vector argument = arguments[0];
    if (wantedSign != 0 && argument instanceof IntVector ints) {
      addInts(ints.values(), selection, count, groups);
    } else if (wantedSign != 0 && argument instanceof LongVector longs) {
      addLongs(longs.values(), ((LongVector) best).values(), selection, count, groups);
    } else if (wantedSign != 0 && isCompactLike(argument)) {
      addLongs(
          ((DecimalVector) argument).unscaled(),
          ((DecimalVector) best).unscaled(),
          selection,
          count,
          groups);
    } else if (wantedSign != 0 && argument instanceof DoubleVector doubles) {
      addDoubles(doubles.values(), selection, count, groups);
    } else {
      addOthers(argument, selection, count, groups);
    }
  }

  /** Whether the argument is compact at the scale of the best values. */
  private boolean isCompactLike(Vector argument) {
    if (!(argument instanceof DecimalVector decimals) || !decimals.isCompact()) {
      return false;
    }
    DecimalVector known = (DecimalVector) best;
    if (known.isCompact() && known.scale() != decimals.scale() && isEmpty()) {
      known.beginCompact(decimals.scale());
    }
    return known.isCompact() && known.scale() == decimals.scale();
  }

  private boolean isEmpty() {
    for (int group = 0; group < groupCount; group++) {
      if (seen[group]) {
        return false;
      }
    }
    return true;
  }

  private void addInts(
      int[] values, int @Nullable [] selection, int count, int @Nullable [] groups) {
    int[] states = ((IntVector) best).values();
    for (int i = 0; i < count; i++) {
      int value = values[selection == null ? i : selection[i]];
      int group = groups == null ? 0 : groups[i];
      if (!seen[group] || (wantedSign < 0 ? value < states[group] : value > states[group])) {
        seen[group] = true;
        states[group] = value;
      }
    }
  }

  private void addLongs(
      long[] values,
      long[] states,
      int @Nullable [] selection,
      int count,
      int @Nullable [] groups) {
    for (int i = 0; i < count; i++) {
      long value = values[selection == null ? i : selection[i]];
      int group = groups == null ? 0 : groups[i];
      if (!seen[group] || (wantedSign < 0 ? value < states[group] : value > states[group])) {
        seen[group] = true;
        states[group] = value;
      }
    }
  }

  private void addDoubles(
      double[] values, int @Nullable [] selection, int count, int @Nullable [] groups) {
    double[] states = ((DoubleVector) best).values();
    for (int i = 0; i < count; i++) {
      double value = values[selection == null ? i : selection[i]];
      int group = groups == null ? 0 : groups[i];
      if (!seen[group] || Comparison.compareDoubles(value, states[group]) == wantedSign) {
        seen[group] = true;
        states[group] = value;
      }
    }
  }

  private void addOthers(
      Vector argument, int @Nullable [] selection, int count, int @Nullable [] groups) {
    for (int i = 0; i < count; i++) {
      int position = selection == null ? i : selection[i];
      int group = groups == null ? 0 : groups[i];
      if (!seen[group]
          || (wantedSign != 0
              && Integer.signum(Comparison.compare(argument, position, best, group))
                  == wantedSign)) {
        seen[group] = true;
        single[0] = position;
        best.copy(argument, single, 1, group);
      }
    }
    if (best instanceof BytesVector bytes && bytes.arenaEnd() > MIN_ARENA_BYTES) {
      compact(bytes);
    }
  }

  private void compact(BytesVector bytes) {
    long live = 0;
    for (int group = 0; group < groupCount; group++) {
      live += seen[group] ? bytes.lengths()[group] : 0;
    }
    if (live * 2 < bytes.arenaEnd()) {
      Vector copy = Vector.create(type, seen.length);
      int[] groups = new int[groupCount];
      for (int group = 0; group < groupCount; group++) {
        groups[group] = seen[group] ? group : -1;
      }
      copy.copy(bytes, groups, groupCount, 0);
      best = copy;
    }
  }

  @Override
  public void emit(int first, int count, Vector result) {
    int[] positions = new int[count];
    for (int i = 0; i < count; i++) {
      positions[i] = seen[first + i] ? first + i : -1;
    }
    result.copy(best, positions, count, 0);
  }

  @Override
  public long sizeInBytes() {
    return seen.length + best.sizeInBytes();
  }
}
