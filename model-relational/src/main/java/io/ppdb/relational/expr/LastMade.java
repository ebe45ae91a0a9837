package io.ppdb.relational.expr;

import io.ppdb.relational.vector.BytesVector;
import java.util.Arrays;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What the last byte string that was seen was made into: a tree, a path, a pattern. Most arguments
 * of that sort are constants. Not thread-safe.
 */
final class LastMade<T> {
  private final Function<String, T> maker;
  private byte[] bytes = {};
  private @Nullable T made;

  LastMade(Function<String, T> maker) {
    this.maker = maker;
  }

  /** What is made of the text at {@code position}. */
  T of(BytesVector vector, int position) {
    int start = vector.starts()[position];
    int end = start + vector.lengths()[position];
    T known = made;
    if (known == null || !Arrays.equals(bytes, 0, bytes.length, vector.arena(), start, end)) {
      known = maker.apply(vector.getString(position));
      made = known;
      bytes = Arrays.copyOfRange(vector.arena(), start, end);
    }
    return known;
  }
}
