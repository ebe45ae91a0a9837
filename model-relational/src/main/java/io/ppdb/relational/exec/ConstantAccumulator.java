package io.ppdb.relational.exec;

import io.ppdb.relational.vector.Vector;
import org.jspecify.annotations.Nullable;

/** An aggregate that does not look at rows: a literal, or the GROUPING mask of a grouping set. */
final class ConstantAccumulator implements Accumulator {
  private final @Nullable Object value;

  ConstantAccumulator(@Nullable Object value) {
    this.value = value;
  }

  @Override
  public void ensureGroups(int groupCount) {}

  @Override
  public void add(
      Vector[] arguments, int @Nullable [] selection, int count, int @Nullable [] groups) {}

  @Override
  public void emit(int first, int count, Vector result) {
    for (int i = 0; i < count; i++) {
      result.setObject(i, value);
    }
  }

  @Override
  public long sizeInBytes() {
    return 0;
  }
}
