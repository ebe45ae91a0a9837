package io.ppdb.lsm.format;

import java.nio.file.Path;
import java.util.Arrays;

/**
 * Reads what {@link ByteWriter} wrote, never past the end: bytes that end too early or make no
 * sense are corruption of the file they came from. Not thread-safe.
 */
public final class ByteReader {
  private final Path file;
  private final long fileOffset;
  private final byte[] bytes;
  private final int end;
  private int position;

  /**
   * A reader of {@code bytes[start, end)}.
   *
   * @param fileOffset where {@code start} lies in {@code file}, for messages
   */
  public ByteReader(Path file, long fileOffset, byte[] bytes, int start, int end) {
    this.file = file;
    this.fileOffset = fileOffset - start;
    this.bytes = bytes;
    this.position = start;
    this.end = end;
  }

  public boolean hasRemaining() {
    return position < end;
  }

  public int remaining() {
    return end - position;
  }

  public int readByte() {
    require(1);
    return bytes[position++] & 0xFF;
  }

  public int readShort() {
    require(Short.BYTES);
    int value = LittleEndian.getShort(bytes, position);
    position += Short.BYTES;
    return value;
  }

  public int readInt() {
    require(Integer.BYTES);
    int value = LittleEndian.getInt(bytes, position);
    position += Integer.BYTES;
    return value;
  }

  public long readLong() {
    require(Long.BYTES);
    long value = LittleEndian.getLong(bytes, position);
    position += Long.BYTES;
    return value;
  }

  public long readVarint() {
    long value = 0;
    for (int shift = 0; shift < Long.SIZE; shift += 7) {
      int next = readByte();
      value |= (long) (next & 0x7F) << shift;
      if (next < 0x80) {
        return value;
      }
    }
    throw corrupt("variable-length integer of more than 10 bytes");
  }

  /** A variable-length integer that must lie between 0 and {@code max}. */
  public int readVarint(int max) {
    long value = readVarint();
    if (value < 0 || value > max) {
      throw corrupt("length or number " + value + ", expected 0 to " + max);
    }
    return (int) value;
  }

  public byte[] readBytes(int length) {
    require(length);
    byte[] copy = Arrays.copyOfRange(bytes, position, position + length);
    position += length;
    return copy;
  }

  public byte[] readSized() {
    return readBytes(readVarint(remaining()));
  }

  /** The error for what was read last. */
  public CorruptionException corrupt(String what) {
    return new CorruptionException(file, fileOffset + position, what);
  }

  private void require(int count) {
    if (end - position < count) {
      throw corrupt((end - position) + " bytes left, expected at least " + count);
    }
  }
}
