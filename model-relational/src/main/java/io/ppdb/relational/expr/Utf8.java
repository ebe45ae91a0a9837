package io.ppdb.relational.expr;

/** Counts and finds characters (code points) in UTF-8 bytes. */
final class Utf8 {
  private Utf8() {}

  /** Whether {@code b} continues a character. */
  static boolean isContinuation(byte b) {
    return (b & 0xC0) == 0x80;
  }

  /** How many characters {@code bytes[start, start + length)} hold. */
  static int count(byte[] bytes, int start, int length) {
    int continuations = 0;
    for (int i = start, end = start + length; i < end; i++) {
      continuations += (bytes[i] & 0xC0) == 0x80 ? 1 : 0;
    }
    return length - continuations;
  }

  /** How many bytes the first {@code characters} characters take, at most {@code length}. */
  static int prefixLength(byte[] bytes, int start, int length, int characters) {
    if (characters >= length) {
      return length;
    }
    int end = start + length;
    int index = start;
    for (int i = 0; i < characters && index < end; i++) {
      index = next(bytes, index, end);
    }
    return index - start;
  }

  /** The index of the character after the one at {@code index}. */
  static int next(byte[] bytes, int index, int end) {
    int next = index + 1;
    while (next < end && isContinuation(bytes[next])) {
      next++;
    }
    return next;
  }
}
