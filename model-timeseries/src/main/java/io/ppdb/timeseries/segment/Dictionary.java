package io.ppdb.timeseries.segment;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The distinct byte strings of a column, ascending, and the code of each row: its place among them.
 *
 * <pre>
 * entry count: varint · length of each entry: varint · the entries · codes: integers
 * </pre>
 *
 * <p>What a predicate says of a value it says once for each entry; if it holds for none, no row
 * needs to be looked at. Valid until the segment shows another one. Not thread-safe.
 */
public final class Dictionary {
  private static final byte[] NO_BYTES = {};

  private final IntegerRun codes = new IntegerRun();
  private byte[] array = NO_BYTES;
  private int[] starts = new int[1];
  private int entryCount;
  private byte @Nullable [] nulls;
  private int nullsStart;

  void read(ByteSource source, int rowCount, byte @Nullable [] newNulls, int newNullsStart) {
    nulls = newNulls;
    nullsStart = newNullsStart;
    entryCount = source.readCount("dictionary size", rowCount);
    if (starts.length <= entryCount) {
      starts = new int[entryCount + 1];
    }
    int bytesLeft = source.end() - source.position();
    long total = 0;
    for (int i = 0; i < entryCount; i++) {
      starts[i] = (int) total;
      total += source.readCount("entry length", bytesLeft);
    }
    array = source.array();
    int first = source.skip(total);
    starts[entryCount] = (int) total;
    for (int i = 0; i <= entryCount; i++) {
      starts[i] += first;
    }
    codes.read(source, rowCount);
    if (entryCount == 0 || codes.least() < 0 || codes.greatest() >= entryCount) {
      throw ByteSource.corrupt(
          "codes " + codes.least() + " to " + codes.greatest() + " of " + entryCount + " entries");
    }
  }

  public int entryCount() {
    return entryCount;
  }

  /** Compares the entry with a code to {@code value}, unsigned. */
  public int compare(int code, byte[] value) {
    return Arrays.compareUnsigned(array, starts[code], starts[code + 1], value, 0, value.length);
  }

  /** The code of the entry that equals {@code value}, or -1. */
  public int find(byte[] value) {
    int low = 0;
    int high = entryCount - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      int order = compare(middle, value);
      if (order == 0) {
        return middle;
      }
      if (order < 0) {
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    return -1;
  }

  /** Whether any row may hold NULL. */
  public boolean hasNulls() {
    return nulls != null;
  }

  /** The code of {@code row}, or -1 if it holds NULL. */
  public int codeAt(int row) {
    byte[] bitmap = nulls;
    if (bitmap != null && (bitmap[nullsStart + (row >> 3)] >> (row & 7) & 1) != 0) {
      return -1;
    }
    return (int) codes.get(row);
  }

  /** The bytes that all entries are slices of. */
  byte[] array() {
    return array;
  }

  int start(int code) {
    return starts[code];
  }

  int end(int code) {
    return starts[code + 1];
  }

  IntegerRun codes() {
    return codes;
  }
}
