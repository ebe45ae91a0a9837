package io.ppdb.lsm.format;

import java.util.zip.CRC32C;

/** CRC-32C over parts of arrays. Not thread-safe; one per writer. */
public final class Checksum {
  private final CRC32C crc = new CRC32C();
  private final byte[] scratch = new byte[Long.BYTES];

  public Checksum reset() {
    crc.reset();
    return this;
  }

  public Checksum add(byte[] bytes, int offset, int length) {
    crc.update(bytes, offset, length);
    return this;
  }

  /** Adds the 8 little-endian bytes of {@code value}. */
  public Checksum addLong(long value) {
    LittleEndian.putLong(scratch, 0, value);
    crc.update(scratch, 0, Long.BYTES);
    return this;
  }

  public int value() {
    return (int) crc.getValue();
  }

  /** The checksum of one part of an array. */
  public static int of(byte[] bytes, int offset, int length) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, offset, length);
    return (int) crc.getValue();
  }
}
