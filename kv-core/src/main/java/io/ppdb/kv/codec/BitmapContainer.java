package io.ppdb.kv.codec;

import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.PpdbException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.function.IntConsumer;

/**
 * A set of positions from 0 to 65,535 as bytes: what {@link io.ppdb.kv.MergeOperators#BITMAP_OR}
 * unites.
 *
 * <pre>
 * few    0 u8 · position u16, big-endian, rising, at most 4,096 of them
 * many   1 u8 · 8,192 bytes; position p is bit p mod 8, the least first, of byte p / 8
 * </pre>
 *
 * Up to 4,096 positions are written as few, which is shorter then, so that equal sets have equal
 * bytes; no position is the form of few without any. After the containers of S. Chambi, D. Lemire,
 * O. Kaser and R. Godin, "Better bitmap performance with Roaring bitmaps", 2016.
 */
public final class BitmapContainer {
  /** Positions are less than this. */
  public static final int POSITION_COUNT = 1 << 16;

  /** So many positions take as many bytes in both forms. */
  private static final int MAX_FEW = 4096;

  private static final byte FEW = 0;
  private static final byte MANY = 1;
  private static final int MANY_BYTES = 1 + POSITION_COUNT / Byte.SIZE;

  private static final VarHandle SHORT =
      MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.BIG_ENDIAN);
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private BitmapContainer() {}

  /** The set of {@code positions}, which may come in any order and more than once. */
  public static byte[] of(int... positions) {
    int[] sorted = Arrays.stream(positions).sorted().distinct().toArray();
    if (sorted.length > 0 && (sorted[0] < 0 || sorted[sorted.length - 1] >= POSITION_COUNT)) {
      int wrong = sorted[0] < 0 ? sorted[0] : sorted[sorted.length - 1];
      throw new PpdbException(
          ErrorCode.INVALID_ARGUMENT,
          "position " + wrong + " in a bitmap, expected 0 to " + (POSITION_COUNT - 1));
    }
    if (sorted.length <= MAX_FEW) {
      byte[] few = new byte[1 + Short.BYTES * sorted.length];
      for (int i = 0; i < sorted.length; i++) {
        setPosition(few, i, sorted[i]);
      }
      return few;
    }
    byte[] many = newMany();
    for (int position : sorted) {
      setBit(many, position);
    }
    return many;
  }

  /** The positions that are in either set. */
  public static byte[] or(byte[] left, byte[] right) {
    check(left);
    check(right);
    if (left[0] == MANY) {
      return right[0] == MANY ? orMany(left, right) : with(left.clone(), right);
    }
    return right[0] == MANY ? with(right.clone(), left) : orFew(left, right);
  }

  private static byte[] orMany(byte[] left, byte[] right) {
    byte[] result = newMany();
    for (int at = 1; at < MANY_BYTES; at += Long.BYTES) {
      LONG.set(result, at, (long) LONG.get(left, at) | (long) LONG.get(right, at));
    }
    return result;
  }

  private static byte[] with(byte[] many, byte[] few) {
    for (int i = 0, count = fewCount(few); i < count; i++) {
      setBit(many, position(few, i));
    }
    return many;
  }

  private static byte[] orFew(byte[] left, byte[] right) {
    int leftCount = fewCount(left);
    int rightCount = fewCount(right);
    byte[] merged = new byte[1 + Short.BYTES * (leftCount + rightCount)];
    int count = 0;
    int i = 0;
    int j = 0;
    while (i < leftCount || j < rightCount) {
      int a = i < leftCount ? position(left, i) : POSITION_COUNT;
      int b = j < rightCount ? position(right, j) : POSITION_COUNT;
      setPosition(merged, count++, Math.min(a, b));
      i += a <= b ? 1 : 0;
      j += b <= a ? 1 : 0;
    }
    if (count > MAX_FEW) {
      return with(with(newMany(), left), right);
    }
    return Arrays.copyOf(merged, 1 + Short.BYTES * count);
  }

  public static boolean contains(byte[] set, int position) {
    check(set);
    if (set[0] == MANY) {
      return (set[1 + (position >>> 3)] >>> (position & 7) & 1) != 0;
    }
    int low = 0;
    int high = fewCount(set) - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      int found = position(set, middle);
      if (found == position) {
        return true;
      }
      if (found < position) {
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    return false;
  }

  /** How many positions there are. */
  public static int cardinality(byte[] set) {
    check(set);
    if (set[0] == FEW) {
      return fewCount(set);
    }
    int count = 0;
    for (int at = 1; at < MANY_BYTES; at += Long.BYTES) {
      count += Long.bitCount((long) LONG.get(set, at));
    }
    return count;
  }

  /** Hands out the positions, rising. */
  public static void forEach(byte[] set, IntConsumer consumer) {
    check(set);
    if (set[0] == FEW) {
      for (int i = 0, count = fewCount(set); i < count; i++) {
        consumer.accept(position(set, i));
      }
      return;
    }
    for (int at = 1; at < MANY_BYTES; at += Long.BYTES) {
      int base = (at - 1) * Byte.SIZE;
      for (long rest = (long) LONG.get(set, at); rest != 0; rest &= rest - 1) {
        consumer.accept(base + Long.numberOfTrailingZeros(rest));
      }
    }
  }

  /** Fails with CORRUPTION if these are not the bytes of a set. */
  private static void check(byte[] set) {
    boolean valid =
        set.length > 0
            && (set[0] == FEW
                ? set.length % 2 == 1 && fewCount(set) <= MAX_FEW
                : set[0] == MANY && set.length == MANY_BYTES);
    if (!valid) {
      throw new PpdbException(
          ErrorCode.CORRUPTION,
          "bitmap of "
              + set.length
              + " bytes"
              + (set.length == 0 ? "" : " and form " + set[0])
              + ", expected form 0 and up to 4096 positions of 2 bytes, or form 1 and 8192 bytes");
    }
  }

  private static byte[] newMany() {
    byte[] many = new byte[MANY_BYTES];
    many[0] = MANY;
    return many;
  }

  private static void setBit(byte[] many, int position) {
    many[1 + (position >>> 3)] |= (byte) (1 << (position & 7));
  }

  private static int fewCount(byte[] few) {
    return (few.length - 1) / Short.BYTES;
  }

  private static int position(byte[] few, int index) {
    return (short) SHORT.get(few, 1 + Short.BYTES * index) & 0xFFFF;
  }

  private static void setPosition(byte[] few, int index, int position) {
    SHORT.set(few, 1 + Short.BYTES * index, (short) position);
  }
}
