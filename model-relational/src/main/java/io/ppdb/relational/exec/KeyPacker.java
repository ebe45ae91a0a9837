package io.ppdb.relational.exec;

import io.ppdb.relational.type.ColumnType;
import io.ppdb.relational.vector.BooleanVector;
import io.ppdb.relational.vector.BytesVector;
import io.ppdb.relational.vector.IntVector;
import io.ppdb.relational.vector.LongVector;
import io.ppdb.relational.vector.Vector;
import io.ppdb.relational.vector.VectorBatch;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Packs the columns of a key into one long, so that equal keys have equal longs.
 *
 * <pre>
 * boolean  2 bits   0 NULL, 2 false, 3 true
 * int     33 bits   0 NULL, else 1 and the 32 bits
 * long    64 bits   alone in its key and never NULL
 * bytes   the rest, shared equally: 0 NULL, else length + 1 in 4 bits, then the bytes
 * </pre>
 *
 * <p>A key may hold values that do not fit (a NULL long, a longer string): then {@link #pack} says
 * so.
 */
final class KeyPacker {
  private static final int BOOLEAN_BITS = 2;
  private static final int INT_BITS = 33;
  private static final int LENGTH_BITS = 4;

  private final int[] widths;
  private final boolean singleLong;

  private KeyPacker(int[] widths, boolean singleLong) {
    this.widths = widths;
    this.singleLong = singleLong;
  }

  /** The packer for keys of these types, or null if they have no packed form. */
  static @Nullable KeyPacker forTypes(List<ColumnType> types) {
    int[] widths = new int[types.size()];
    int fixedBits = 0;
    int bytesColumns = 0;
    for (int i = 0; i < widths.length; i++) {
      switch (types.get(i).physical()) {
        case BOOLEAN -> widths[i] = BOOLEAN_BITS;
        case INT -> widths[i] = INT_BITS;
        case BYTES -> bytesColumns++;
        case LONG -> {
          return widths.length == 1 ? new KeyPacker(widths, true) : null;
        }
        case DOUBLE, DECIMAL, INTERVAL, ENCODED -> {
          return null;
        }
      }
      fixedBits += widths[i];
    }
    if (fixedBits > Long.SIZE) {
      return null;
    }
    if (bytesColumns > 0) {
      int width = (Long.SIZE - fixedBits) / bytesColumns;
      int usable = LENGTH_BITS + (width - LENGTH_BITS) / 8 * 8;
      if (width < LENGTH_BITS + 8) {
        return null;
      }
      for (int i = 0; i < widths.length; i++) {
        widths[i] = widths[i] == 0 ? usable : widths[i];
      }
    }
    return new KeyPacker(widths, false);
  }

  /**
   * Writes the packed key of each live row to {@code keys}.
   *
   * @return false if some key cannot be packed; {@code keys} is then unspecified
   */
  boolean pack(VectorBatch batch, long[] keys) {
    int count = batch.size();
    int[] selection = batch.selection();
    if (singleLong) {
      return packLong((LongVector) batch.column(0), selection, count, keys);
    }
    Arrays.fill(keys, 0, count, 0);
    int shift = 0;
    for (int i = 0; i < widths.length; i++) {
      if (!packColumn(batch.column(i), widths[i], shift, selection, count, keys)) {
        return false;
      }
      shift += widths[i];
    }
    return true;
  }

  private static boolean packLong(
      LongVector column, int @Nullable [] selection, int count, long[] keys) {
    if (column.hasNulls()) {
      return false;
    }
    long[] values = column.values();
    for (int i = 0; i < count; i++) {
      keys[i] = values[selection == null ? i : selection[i]];
    }
    return true;
  }

  private static boolean packColumn(
      Vector column, int width, int shift, int @Nullable [] selection, int count, long[] keys) {
    boolean[] nulls = column.nulls();
    if (column instanceof IntVector ints) {
      int[] values = ints.values();
      for (int i = 0; i < count; i++) {
        int position = selection == null ? i : selection[i];
        if (nulls == null || !nulls[position]) {
          keys[i] |= (1L << 32 | (values[position] & 0xFFFF_FFFFL)) << shift;
        }
      }
      return true;
    }
    if (column instanceof BooleanVector booleans) {
      for (int i = 0; i < count; i++) {
        int position = selection == null ? i : selection[i];
        if (nulls == null || !nulls[position]) {
          keys[i] |= (booleans.get(position) ? 3L : 2L) << shift;
        }
      }
      return true;
    }
    return packBytes((BytesVector) column, width, shift, selection, count, keys);
  }

  private static boolean packBytes(
      BytesVector column,
      int width,
      int shift,
      int @Nullable [] selection,
      int count,
      long[] keys) {
    boolean[] nulls = column.nulls();
    byte[] arena = column.arena();
    int[] starts = column.starts();
    int[] lengths = column.lengths();
    int maxLength = (width - LENGTH_BITS) / 8;
    for (int i = 0; i < count; i++) {
      int position = selection == null ? i : selection[i];
      if (nulls != null && nulls[position]) {
        continue;
      }
      int length = lengths[position];
      if (length > maxLength) {
        return false;
      }
      long packed = 0;
      for (int j = starts[position] + length - 1; j >= starts[position]; j--) {
        packed = packed << 8 | (arena[j] & 0xFF);
      }
      keys[i] |= (packed << LENGTH_BITS | (length + 1)) << shift;
    }
    return true;
  }
}
