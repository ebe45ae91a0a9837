package io.ppdb.relational.exec;

import io.ppdb.relational.vector.BytesVector;
import io.ppdb.relational.vector.Vector;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** string_agg: the strings of a group in the order they come, a delimiter between them. */
final class StringAggregator implements Accumulator {
  private byte[][] texts = {};
  private int[] lengths = {};
  private boolean[] seen = {};
  private long bytes;

  @Override
  public void ensureGroups(int groupCount) {
    int known = texts.length;
    if (groupCount > known) {
      int capacity = Math.max(groupCount, known * 2);
      texts = Arrays.copyOf(texts, capacity);
      Arrays.fill(texts, known, capacity, new byte[0]);
      lengths = Arrays.copyOf(lengths, capacity);
      seen = Arrays.copyOf(seen, capacity);
    }
  }

  @Override
  public void add(
      Vector[] arguments, int @Nullable [] selection, int count, int @Nullable [] groups) {
    BytesVector values = (BytesVector) arguments[0];
    for (int i = 0; i < count; i++) {
      int position = selection == null ? i : selection[i];
      int group = groups == null ? 0 : groups[i];
      if (seen[group] && arguments.length > 1 && !arguments[1].isNull(position)) {
        append(group, (BytesVector) arguments[1], position);
      }
      seen[group] = true;
      append(group, values, position);
    }
  }

  private void append(int group, BytesVector source, int position) {
    int length = source.lengths()[position];
    int end = Math.addExact(lengths[group], length);
    if (end > texts[group].length) {
      int capacity = Math.max(end, lengths[group] + lengths[group] / 2);
      bytes += capacity - texts[group].length;
      texts[group] = Arrays.copyOf(texts[group], capacity);
    }
    System.arraycopy(
        source.arena(), source.starts()[position], texts[group], lengths[group], length);
    lengths[group] = end;
  }

  @Override
  public void emit(int first, int count, Vector result) {
    for (int i = 0; i < count; i++) {
      if (seen[first + i]) {
        ((BytesVector) result).set(i, texts[first + i], 0, lengths[first + i]);
      } else {
        result.setNull(i);
      }
    }
  }

  @Override
  public long sizeInBytes() {
    return bytes + 24L * texts.length;
  }
}
