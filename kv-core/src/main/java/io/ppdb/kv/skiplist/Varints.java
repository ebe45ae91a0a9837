package io.ppdb.kv.skiplist;

/** Non-negative ints in one to five bytes: seven bits each, the low ones first. */
public final class Varints {
  private Varints() {}

  public static int length(int value) {
    int length = 1;
    for (int rest = value >>> 7; rest != 0; rest >>>= 7) {
      length++;
    }
    return length;
  }

  /** Writes {@code value}; returns the offset behind it. */
  public static int write(int value, byte[] array, int offset) {
    int at = offset;
    int rest = value;
    while (rest > 0x7F) {
      array[at++] = (byte) (rest | 0x80);
      rest >>>= 7;
    }
    array[at++] = (byte) rest;
    return at;
  }

  public static int read(byte[] array, int offset) {
    int first = array[offset];
    if (first >= 0) {
      return first;
    }
    int value = first & 0x7F;
    int at = offset + 1;
    for (int shift = 7; ; shift += 7) {
      int next = array[at++];
      value |= (next & 0x7F) << shift;
      if (next >= 0) {
        return value;
      }
    }
  }
}
