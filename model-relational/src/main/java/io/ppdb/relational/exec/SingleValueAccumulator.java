package io.ppdb.relational.exec;

import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.PpdbException;
import io.ppdb.relational.type.ColumnType;
import io.ppdb.relational.vector.Vector;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The value of a scalar sub-query: of its only row, NULL if it has none, an error if several. */
final class SingleValueAccumulator implements Accumulator {
  private final Vector values;
  private boolean[] seen = {};
  private final int[] single = new int[1];

  SingleValueAccumulator(ColumnType type) {
    this.values = Vector.create(type, 0);
  }

  @Override
  public boolean wantsNulls() {
    return true;
  }

  @Override
  public void ensureGroups(int groupCount) {
    if (groupCount > seen.length) {
      seen = Arrays.copyOf(seen, Math.max(groupCount, seen.length * 2));
      values.ensureCapacity(seen.length);
    }
  }

  @Override
  public void add(
      Vector[] arguments, int @Nullable [] selection, int count, int @Nullable [] groups) {
    for (int i = 0; i < count; i++) {
      int group = groups == null ? 0 : groups[i];
      if (seen[group]) {
        throw new PpdbException(
            ErrorCode.CARDINALITY_VIOLATION,
            "more than one row returned by a subquery used as an expression");
      }
      seen[group] = true;
      single[0] = selection == null ? i : selection[i];
      values.copy(arguments[0], single, 1, group);
    }
  }

  @Override
  public void emit(int first, int count, Vector result) {
    int[] positions = new int[count];
    for (int i = 0; i < count; i++) {
      positions[i] = seen[first + i] ? first + i : -1;
    }
    result.copy(values, positions, count, 0);
  }

  @Override
  public long sizeInBytes() {
    return seen.length + values.sizeInBytes();
  }
}
