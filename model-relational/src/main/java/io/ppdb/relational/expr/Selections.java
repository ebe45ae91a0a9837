package io.ppdb.relational.expr;

import org.jspecify.annotations.Nullable;

/** Operations on selection vectors: ascending positions in an array, null meaning all. */
final class Selections {
  private Selections() {}

  /** {@code buffer} if it has room for {@code count} positions, else a new array. */
  static int[] ensure(int[] buffer, int count) {
    return buffer.length >= count ? buffer : new int[Math.max(count, buffer.length * 2)];
  }

  /** Writes the selected positions to {@code output}. */
  static void fill(int @Nullable [] selection, int count, int[] output) {
    if (selection != null) {
      System.arraycopy(selection, 0, output, 0, count);
      return;
    }
    for (int i = 0; i < count; i++) {
      output[i] = i;
    }
  }

  /**
   * Writes the positions of {@code all[0..count)} that are not among {@code removed}, a subset in
   * the same order, to {@code output}, which may be {@code all}.
   */
  static int subtract(int[] all, int count, int[] removed, int removedCount, int[] output) {
    int next = 0;
    int kept = 0;
    for (int i = 0; i < count; i++) {
      int position = all[i];
      if (next < removedCount && removed[next] == position) {
        next++;
      } else {
        output[kept++] = position;
      }
    }
    return kept;
  }
}
