package io.ppdb.lsm.format;

import io.ppdb.kv.Slice;

/**
 * Bytes as text for people: printable ASCII as it is, everything else as {@code \xHH}, in quotes.
 */
public final class ByteText {
  private static final int MAX_BYTES = 64;

  private ByteText() {}

  /** All of {@code bytes}, or the first 64 and how many there are. */
  public static String of(byte[] bytes) {
    return of(bytes, 0, bytes.length);
  }

  public static String of(Slice bytes) {
    return of(bytes.array(), bytes.offset(), bytes.length());
  }

  private static String of(byte[] bytes, int offset, int length) {
    StringBuilder text = new StringBuilder("\"");
    for (int i = offset; i < offset + Math.min(length, MAX_BYTES); i++) {
      int c = bytes[i] & 0xFF;
      if (c == '"' || c == '\\') {
        text.append('\\').append((char) c);
      } else if (c >= ' ' && c < 0x7F) {
        text.append((char) c);
      } else {
        text.append(String.format("\\x%02x", c));
      }
    }
    text.append('"');
    return length <= MAX_BYTES
        ? text.toString()
        : text.append("… (").append(length).append(" bytes)").toString();
  }
}
