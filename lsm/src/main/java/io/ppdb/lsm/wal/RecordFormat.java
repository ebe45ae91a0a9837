package io.ppdb.lsm.wal;

import io.ppdb.lsm.format.Checksum;
import io.ppdb.lsm.format.LittleEndian;

/**
 * The bytes before the payload of a record, and those at the start of a segment.
 *
 * <pre>
 * segment = magic "PPDBWAL1" · format version u32 · reserved u32 · segment number u64
 *         · crc32c u32 of the 24 bytes before · padding to 32 · record …
 * record  = crc32c u32 · payload length u32 · segment number u64 · version u64 · time millis i64
 *         · synced offset u32 · type u8 · reserved 3 bytes · payload
 * </pre>
 *
 * The checksum covers everything behind it. The segment number makes records that a recycled file
 * still holds from an earlier life recognisable. The synced offset says how much of the segment had
 * been synced when the record was written: whatever is damaged before it was once durable.
 */
final class RecordFormat {
  static final int HEADER_BYTES = 40;

  static final int LENGTH_OFFSET = 4;
  static final int SEGMENT_OFFSET = 8;
  static final int VERSION_OFFSET = 16;
  static final int TIME_OFFSET = 24;
  static final int SYNCED_OFFSET = 32;
  static final int TYPE_OFFSET = 36;

  /** A commit; the payload is a {@link CommitPayload}. */
  static final int COMMIT = 1;

  /** The end of a segment, which is synced before the next one is written to. No payload. */
  static final int SEAL = 2;

  /** A commit whose entries are in tables; the payload names them, then as a {@link #COMMIT}. */
  static final int LOAD = 3;

  private RecordFormat() {}

  /** Writes a header at {@code at}, whose payload of {@code length} bytes follows in the array. */
  static void writeHeader(
      byte[] bytes,
      int at,
      int length,
      long segment,
      long version,
      long timeMillis,
      int syncedOffset,
      int type) {
    LittleEndian.putInt(bytes, at + LENGTH_OFFSET, length);
    LittleEndian.putLong(bytes, at + SEGMENT_OFFSET, segment);
    LittleEndian.putLong(bytes, at + VERSION_OFFSET, version);
    LittleEndian.putLong(bytes, at + TIME_OFFSET, timeMillis);
    LittleEndian.putInt(bytes, at + SYNCED_OFFSET, syncedOffset);
    LittleEndian.putInt(bytes, at + TYPE_OFFSET, type);
    LittleEndian.putInt(
        bytes, at, Checksum.of(bytes, at + LENGTH_OFFSET, HEADER_BYTES - LENGTH_OFFSET + length));
  }

  /**
   * Whether an intact record of {@code segment} begins at {@code at}, which is at {@code
   * fileOffset} in the file.
   */
  static boolean isIntact(byte[] bytes, int at, int end, long segment, long fileOffset) {
    if (end - at < HEADER_BYTES
        || LittleEndian.getLong(bytes, at + SEGMENT_OFFSET) != segment
        || LittleEndian.getInt(bytes, at + SYNCED_OFFSET) > fileOffset) {
      return false;
    }
    int length = LittleEndian.getInt(bytes, at + LENGTH_OFFSET);
    return length >= 0
        && length <= end - at - HEADER_BYTES
        && LittleEndian.getInt(bytes, at)
            == Checksum.of(bytes, at + LENGTH_OFFSET, HEADER_BYTES - LENGTH_OFFSET + length);
  }
}
