package io.ppdb.relational.expr;

import java.util.Arrays;

/** Searches in byte strings. */
final class Bytes {
  private Bytes() {}

  /**
   * The index of the first occurrence of a byte string in {@code bytes[start, start + length)}, or
   * -1. In UTF-8 a character's bytes never match inside another one.
   */
  static int indexOf(
      byte[] bytes, int start, int length, byte[] part, int partStart, int partLength) {
    if (partLength == 0) {
      return start;
    }
    byte first = part[partStart];
    int last = start + length - partLength;
    for (int i = start; i <= last; i++) {
      if (bytes[i] == first
          && Arrays.equals(bytes, i, i + partLength, part, partStart, partStart + partLength)) {
        return i;
      }
    }
    return -1;
  }
}
