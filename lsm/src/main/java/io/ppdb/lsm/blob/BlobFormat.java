package io.ppdb.lsm.blob;

import io.ppdb.kv.Limits;
import io.ppdb.lsm.format.Checksum;
import io.ppdb.lsm.format.CorruptionException;
import io.ppdb.lsm.format.FormatVersion;
import io.ppdb.lsm.format.LittleEndian;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.zip.CRC32C;

/**
 * The bytes of a blob file.
 *
 * <pre>
 * file   = magic "PPDBBLOB" · format version u32 · file number u64 · crc32c u32 of the 20 bytes
 *          before · record …
 * record = crc32c u32 · length u32 · value · up to 7 zeros
 * </pre>
 *
 * A record's checksum covers its length, its value and its own offset in the file (u64). Every
 * record, and so every value, begins at a multiple of 8.
 */
final class BlobFormat {
  static final int HEADER_BYTES = 24;
  static final int RECORD_HEADER_BYTES = 8;
  static final int ALIGNMENT = 8;

  private static final String SUFFIX = ".blob";
  private static final byte[] MAGIC = "PPDBBLOB".getBytes(StandardCharsets.US_ASCII);
  private static final int NUMBER_OFFSET = 12;
  private static final int CHECKSUM_OFFSET = 20;

  private BlobFormat() {}

  static String fileName(long number) {
    return String.format(Locale.ROOT, "%06d%s", number, SUFFIX);
  }

  static boolean isBlobFile(String name) {
    return name.endsWith(SUFFIX);
  }

  static byte[] header(long number) {
    byte[] bytes = Arrays.copyOf(MAGIC, HEADER_BYTES);
    LittleEndian.putInt(bytes, MAGIC.length, FormatVersion.CURRENT.number());
    LittleEndian.putLong(bytes, NUMBER_OFFSET, number);
    LittleEndian.putInt(bytes, CHECKSUM_OFFSET, Checksum.of(bytes, 0, CHECKSUM_OFFSET));
    return bytes;
  }

  /**
   * Fails unless {@code bytes}, the first of {@code file}, are the header of file {@code number}.
   */
  static void checkHeader(byte[] bytes, long number, Path file) {
    int stored = LittleEndian.getInt(bytes, CHECKSUM_OFFSET);
    int seen = Checksum.of(bytes, 0, CHECKSUM_OFFSET);
    if (!Arrays.equals(bytes, 0, MAGIC.length, MAGIC, 0, MAGIC.length) || seen != stored) {
      throw new CorruptionException(
          file,
          0,
          String.format("no header of a blob file (checksum %08x, stored %08x)", seen, stored));
    }
    FormatVersion.of(LittleEndian.getInt(bytes, MAGIC.length), file);
    long seenNumber = LittleEndian.getLong(bytes, NUMBER_OFFSET);
    if (seenNumber != number) {
      throw new CorruptionException(
          file, NUMBER_OFFSET, "file number " + seenNumber + ", expected " + number);
    }
  }

  /** What a record with a value of {@code length} bytes takes, padding included. */
  static long recordBytes(int length) {
    return (RECORD_HEADER_BYTES + (long) length + ALIGNMENT - 1) & -ALIGNMENT;
  }

  /** The checksum of a record that lies at {@code offset}. */
  static int checksum(ByteBuffer value, long offset) {
    ByteBuffer word = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    CRC32C crc = new CRC32C();
    crc.update(word.putInt(0, value.remaining()).limit(Integer.BYTES));
    crc.update(value.duplicate());
    crc.update(word.clear().putLong(0, offset));
    return (int) crc.getValue();
  }

  /** Whether a value may be that long. */
  static boolean isLength(long length) {
    return length > 0 && length <= Limits.MAX_VALUE_BYTES;
  }
}
