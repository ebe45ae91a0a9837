package io.ppdb.timeseries.segment;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Integers in frame of reference: the least of them, then what each exceeds it by, in 0, 1, 2, 4 or
 * 8 bytes.
 *
 * <pre>
 * least: signed varint · range = greatest - least: varint · count × width bytes
 * </pre>
 *
 * <p>The range gives the width, and with the least value a zone map. Decoding loops have one body
 * for each width, so that the compiler vectorises them. Not thread-safe.
 */
final class IntegerRun {
  private static final byte[] NO_BYTES = {};

  private byte[] array = NO_BYTES;
  private int start;
  private int width;
  private long least;
  private long range;

  /** Writes {@code values[0..count)}. */
  static void encode(long[] values, int count, long least, long greatest, ByteSink sink) {
    long range = greatest - least;
    sink.writeSignedVarint(least);
    sink.writeVarint(range);
    switch (widthFor(range)) {
      case 0 -> {}
      case 1 -> {
        for (int i = 0; i < count; i++) {
          sink.writeByte((int) (values[i] - least));
        }
      }
      case 2 -> {
        for (int i = 0; i < count; i++) {
          sink.writeShort((int) (values[i] - least));
        }
      }
      case 4 -> {
        for (int i = 0; i < count; i++) {
          sink.writeInt((int) (values[i] - least));
        }
      }
      default -> {
        for (int i = 0; i < count; i++) {
          sink.writeLong(values[i] - least);
        }
      }
    }
  }

  /** Writes {@code values[0..count)}, of which those are least and greatest that it finds. */
  static void encode(long[] values, int count, ByteSink sink) {
    long least = values[0];
    long greatest = values[0];
    for (int i = 1; i < count; i++) {
      least = Math.min(least, values[i]);
      greatest = Math.max(greatest, values[i]);
    }
    encode(values, count, least, greatest, sink);
  }

  /** Bytes for a value that exceeds the least by up to {@code range}, an unsigned number. */
  static int widthFor(long range) {
    if (range == 0) {
      return 0;
    }
    int bits = Long.SIZE - Long.numberOfLeadingZeros(range);
    return bits <= 8 ? 1 : bits <= 16 ? 2 : bits <= 32 ? 4 : 8;
  }

  /** Takes the run that begins at the position of {@code source} and moves past it. */
  void read(ByteSource source, int count) {
    least = source.readSignedVarint();
    range = source.readVarint();
    width = widthFor(range);
    array = source.array();
    start = source.skip((long) count * width);
  }

  long least() {
    return least;
  }

  long greatest() {
    return least + range;
  }

  long get(int row) {
    return switch (width) {
      case 0 -> least;
      case 1 -> least + (array[start + row] & 0xFF);
      case 2 -> least + (ByteSource.shortAt(array, start + 2 * row) & 0xFFFF);
      case 4 -> least + (ByteSource.intAt(array, start + 4 * row) & 0xFFFF_FFFFL);
      default -> least + ByteSource.longAt(array, start + 8 * row);
    };
  }

  /**
   * Decodes {@code count} values to {@code target[at..)}: those of the rows {@code from} and up, or
   * of {@code rows[from..from + count)} if {@code rows} is given.
   */
  void decode(int from, int @Nullable [] rows, int count, long[] target, int at) {
    if (rows != null) {
      for (int i = 0; i < count; i++) {
        target[at + i] = get(rows[from + i]);
      }
      return;
    }
    byte[] bytes = array;
    long base = least;
    int index = start + from * width;
    switch (width) {
      case 0 -> Arrays.fill(target, at, at + count, base);
      case 1 -> {
        for (int i = 0; i < count; i++) {
          target[at + i] = base + (bytes[index + i] & 0xFF);
        }
      }
      case 2 -> {
        for (int i = 0; i < count; i++) {
          target[at + i] = base + (ByteSource.shortAt(bytes, index + 2 * i) & 0xFFFF);
        }
      }
      case 4 -> {
        for (int i = 0; i < count; i++) {
          target[at + i] = base + (ByteSource.intAt(bytes, index + 4 * i) & 0xFFFF_FFFFL);
        }
      }
      default -> {
        for (int i = 0; i < count; i++) {
          target[at + i] = base + ByteSource.longAt(bytes, index + 8 * i);
        }
      }
    }
  }

  /** Like the other; for values that fit an int. */
  void decode(int from, int @Nullable [] rows, int count, int[] target, int at) {
    if (rows != null) {
      for (int i = 0; i < count; i++) {
        target[at + i] = (int) get(rows[from + i]);
      }
      return;
    }
    byte[] bytes = array;
    int base = (int) least;
    int index = start + from * width;
    switch (width) {
      case 0 -> Arrays.fill(target, at, at + count, base);
      case 1 -> {
        for (int i = 0; i < count; i++) {
          target[at + i] = base + (bytes[index + i] & 0xFF);
        }
      }
      case 2 -> {
        for (int i = 0; i < count; i++) {
          target[at + i] = base + (ByteSource.shortAt(bytes, index + 2 * i) & 0xFFFF);
        }
      }
      default -> {
        for (int i = 0; i < count; i++) {
          target[at + i] = (int) get(from + i);
        }
      }
    }
  }
}
