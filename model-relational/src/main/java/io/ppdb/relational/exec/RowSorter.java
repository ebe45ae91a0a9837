package io.ppdb.relational.exec;

import io.ppdb.relational.expr.Comparison;
import io.ppdb.relational.type.PhysicalType;
import io.ppdb.relational.vector.BooleanVector;
import io.ppdb.relational.vector.BytesVector;
import io.ppdb.relational.vector.DecimalVector;
import io.ppdb.relational.vector.DoubleVector;
import io.ppdb.relational.vector.IntVector;
import io.ppdb.relational.vector.LongVector;
import io.ppdb.relational.vector.Vector;
import java.util.List;

/**
 * Orders the rows of a buffer without moving them: a stable merge sort of row numbers.
 *
 * <p>The first column is normalised to longs whose signed order is the wanted order, as far as its
 * type allows (for text the first seven bytes), so most comparisons touch one array; equal longs
 * are decided by the columns themselves.
 */
final class RowSorter {
  private static final int INSERTION_ROWS = 16;

  /** Cancellation is looked at after so many rows, a power of two. */
  private static final int CHECKED_ROWS = 1 << 12;

  private final Vector[] columns;
  private final List<SortKey> keys;
  private final int rowCount;
  private final long[] prefixes;

  /** First key to compare when prefixes are equal: 0 if a prefix does not tell all. */
  private final int firstCompared;

  private final Runnable checkCancelled;

  /**
   * @param checkCancelled is run now and then, here and while rows are sorted, and may throw
   */
  RowSorter(RowBuffer rows, List<SortKey> keys, Runnable checkCancelled) {
    this.checkCancelled = checkCancelled;
    this.columns = rows.columns();
    this.keys = keys;
    this.rowCount = rows.rowCount();
    this.prefixes = new long[rowCount];
    this.firstCompared = keys.isEmpty() ? 0 : normalise(keys.get(0));
  }

  /** The row numbers as they are. */
  int[] unsorted() {
    int[] order = new int[rowCount];
    for (int i = 0; i < rowCount; i++) {
      order[i] = i;
    }
    return order;
  }

  /** Whether two rows are equal in the keys {@code first} to before {@code end}. */
  boolean areEqual(int left, int right, int first, int end) {
    for (int i = first; i < end; i++) {
      Vector column = columns[keys.get(i).column()];
      boolean leftNull = column.isNull(left);
      if (leftNull != column.isNull(right)
          || (!leftNull && Comparison.compare(column, left, column, right) != 0)) {
        return false;
      }
    }
    return true;
  }

  /** The row numbers in order. */
  int[] sort() {
    int[] order = unsorted();
    if (!keys.isEmpty()) {
      sort(order.clone(), order, 0, rowCount);
    }
    return order;
  }

  /** Sorts {@code source[start, end)} into {@code target}; both hold the same rows there. */
  private void sort(int[] source, int[] target, int start, int end) {
    if (end - start <= INSERTION_ROWS) {
      for (int i = start + 1; i < end; i++) {
        int row = target[i];
        int j = i;
        while (j > start && compare(target[j - 1], row) > 0) {
          target[j] = target[j - 1];
          j--;
        }
        target[j] = row;
      }
      return;
    }
    int middle = (start + end) >>> 1;
    sort(target, source, start, middle);
    sort(target, source, middle, end);
    if (compare(source[middle - 1], source[middle]) <= 0) {
      System.arraycopy(source, start, target, start, end - start);
      return;
    }
    int left = start;
    int right = middle;
    for (int i = start; i < end; i++) {
      checkCancelled(i);
      if (right >= end || (left < middle && compare(source[left], source[right]) <= 0)) {
        target[i] = source[left++];
      } else {
        target[i] = source[right++];
      }
    }
  }

  private void checkCancelled(int row) {
    if ((row & (CHECKED_ROWS - 1)) == 0) {
      checkCancelled.run();
    }
  }

  private int compare(int left, int right) {
    long a = prefixes[left];
    long b = prefixes[right];
    return a != b
        ? (a < b ? -1 : 1)
        : SortKey.compare(keys, firstCompared, columns, left, columns, right);
  }

  /** Fills {@link #prefixes}; returns the first key that equal prefixes leave undecided. */
  private int normalise(SortKey key) {
    Vector column = columns[key.column()];
    boolean exact = column instanceof IntVector || column instanceof BooleanVector;
    for (int row = 0; row < rowCount; row++) {
      checkCancelled(row);
      if (column.isNull(row)) {
        // Values use the middle of the range: normalised() never returns these two.
        prefixes[row] = key.nullsFirst() ? Long.MIN_VALUE : Long.MAX_VALUE;
      } else {
        long value = normalised(column, row);
        prefixes[row] = key.descending() ? -value : value;
      }
    }
    return exact ? 1 : 0;
  }

  /** A long in (-2^62, 2^62) that does not decrease when the value increases. */
  private static long normalised(Vector column, int row) {
    if (column instanceof IntVector ints) {
      return ints.get(row);
    } else if (column instanceof LongVector longs) {
      return longs.get(row) >> 2;
    } else if (column instanceof BooleanVector booleans) {
      return booleans.get(row) ? 1 : 0;
    } else if (column instanceof DoubleVector doubles) {
      long bits = Double.doubleToLongBits(doubles.get(row) + 0.0);
      return (bits ^ (bits >> 63 & Long.MAX_VALUE)) >> 2;
    } else if (column instanceof DecimalVector decimals && decimals.isCompact()) {
      return decimals.unscaled()[row] >> 2;
    } else if (column instanceof BytesVector bytes
        && column.type().physical() == PhysicalType.BYTES) {
      return prefix(bytes.arena(), bytes.starts()[row], bytes.lengths()[row]);
    }
    return 0;
  }

  private static long prefix(byte[] bytes, int start, int length) {
    long prefix = 0;
    for (int i = 0; i < 7; i++) {
      prefix = prefix << 8 | (i < length ? bytes[start + i] & 0xFF : 0);
    }
    return prefix;
  }
}
