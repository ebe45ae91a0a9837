package io.ppdb.relational.exec;

import io.ppdb.relational.vector.LongVector;
import io.ppdb.relational.vector.Vector;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** count(*) and count(x). */
final class CountAccumulator implements Accumulator {
  private long[] counts = {};

  @Override
  public void ensureGroups(int groupCount) {
    if (groupCount > counts.length) {
      counts = Arrays.copyOf(counts, Math.max(groupCount, counts.length * 2));
    }
  }

  @Override
  public void add(
      Vector[] arguments, int @Nullable [] selection, int count, int @Nullable [] groups) {
    if (groups == null) {
      counts[0] += count;
      return;
    }
    long[] states = counts;
    for (int i = 0; i < count; i++) {
      states[groups[i]]++;
    }
  }

  @Override
  public void emit(int first, int count, Vector result) {
    System.arraycopy(counts, first, ((LongVector) result).values(), 0, count);
  }

  @Override
  public long sizeInBytes() {
    return 8L * counts.length;
  }
}
