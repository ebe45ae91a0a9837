package io.ppdb.lsm.wal;

import io.ppdb.lsm.format.Checksum;
import io.ppdb.lsm.format.CorruptionException;
import io.ppdb.lsm.format.FormatVersion;
import io.ppdb.lsm.format.LittleEndian;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * The first bytes of a segment, the same in all formats:
 *
 * <pre>
 * magic "PPDBWAL1" · format version u32 · reserved u32 · segment number u64
 * · crc32c u32 of the 24 bytes before · padding to 32
 * </pre>
 */
final class SegmentHeader {
  static final int BYTES = 32;

  private static final byte[] MAGIC = "PPDBWAL1".getBytes(StandardCharsets.US_ASCII);
  private static final int NUMBER_OFFSET = 16;
  private static final int CHECKSUM_OFFSET = 24;

  private SegmentHeader() {}

  static byte[] encode(long number) {
    byte[] bytes = Arrays.copyOf(MAGIC, BYTES);
    LittleEndian.putInt(bytes, MAGIC.length, FormatVersion.CURRENT.number());
    LittleEndian.putLong(bytes, NUMBER_OFFSET, number);
    LittleEndian.putInt(bytes, CHECKSUM_OFFSET, Checksum.of(bytes, 0, CHECKSUM_OFFSET));
    return bytes;
  }

  /** Checks the header of segment {@code number}; the format of its records. */
  static FormatVersion check(byte[] bytes, long number, Path file) {
    if (bytes.length < BYTES) {
      throw new CorruptionException(
          file, bytes.length + " bytes, expected a header of at least " + BYTES);
    }
    int expected = LittleEndian.getInt(bytes, CHECKSUM_OFFSET);
    int seen = Checksum.of(bytes, 0, CHECKSUM_OFFSET);
    if (!Arrays.equals(bytes, 0, MAGIC.length, MAGIC, 0, MAGIC.length) || seen != expected) {
      throw new CorruptionException(
          file,
          0,
          String.format("no header of a WAL segment (checksum %08x, stored %08x)", seen, expected));
    }
    FormatVersion format = FormatVersion.of(LittleEndian.getInt(bytes, MAGIC.length), file);
    long seenNumber = LittleEndian.getLong(bytes, NUMBER_OFFSET);
    if (seenNumber != number) {
      throw new CorruptionException(
          file, NUMBER_OFFSET, "segment number " + seenNumber + ", expected " + number);
    }
    return format;
  }
}
