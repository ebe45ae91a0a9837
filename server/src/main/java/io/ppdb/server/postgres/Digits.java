package io.ppdb.server.postgres;

import io.netty.buffer.ByteBuf;

/** Whole numbers as decimal digits, written without an object for each. */
final class Digits {
  private static final int MAX_DIGITS = 20;

  private Digits() {}

  static void write(ByteBuf out, long value) {
    if (value == 0) {
      out.writeByte('0');
      return;
    }
    // Counted down from below zero, for the least long has no positive counterpart.
    long rest = value < 0 ? value : -value;
    if (value < 0) {
      out.writeByte('-');
    }
    int length = 0;
    for (long each = rest; each != 0; each /= 10) {
      length++;
    }
    out.ensureWritable(MAX_DIGITS);
    int start = out.writerIndex();
    for (int i = length - 1; i >= 0; i--) {
      out.setByte(start + i, (int) ('0' - rest % 10));
      rest /= 10;
    }
    out.writerIndex(start + length);
  }
}
