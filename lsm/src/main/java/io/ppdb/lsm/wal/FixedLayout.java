package io.ppdb.lsm.wal;

import io.ppdb.lsm.format.ByteReader;
import io.ppdb.lsm.format.LittleEndian;

/**
 * Records of the formats 1 to 3, which are read only. Each has everything in full:
 *
 * <pre>
 * record = crc32c u32 · payload length u32 · segment number u64 · version u64 · time millis i64
 *        · synced offset u32 · type u8 · reserved 3 bytes · payload
 * </pre>
 *
 * The checksum covers everything behind it.
 */
record FixedLayout(long number) implements RecordLayout {
  private static final int HEADER_BYTES = 40;
  private static final int LENGTH_OFFSET = 4;
  private static final int SEGMENT_OFFSET = 8;
  private static final int VERSION_OFFSET = 16;
  private static final int TIME_OFFSET = 24;
  private static final int SYNCED_OFFSET = 32;
  private static final int TYPE_OFFSET = 36;

  @Override
  public int minHeaderBytes() {
    return HEADER_BYTES;
  }

  @Override
  public int maxHeaderBytes() {
    return HEADER_BYTES;
  }

  @Override
  public boolean mayBegin(byte[] bytes, int at) {
    return LittleEndian.getLong(bytes, at + SEGMENT_OFFSET) == number;
  }

  @Override
  public boolean read(byte[] bytes, int at, int end, long offset, RecordHeader header) {
    if (end - at < HEADER_BYTES || !mayBegin(bytes, at)) {
      return false;
    }
    header.coveredFrom = LENGTH_OFFSET;
    header.checksum = LittleEndian.getInt(bytes, at);
    header.type = bytes[at + TYPE_OFFSET];
    header.isByMaintenance = false; // the payload says so
    header.headerBytes = HEADER_BYTES;
    header.payloadBytes = LittleEndian.getInt(bytes, at + LENGTH_OFFSET);
    header.syncedOffset = LittleEndian.getInt(bytes, at + SYNCED_OFFSET);
    header.hasBase = true;
    header.ownBaseVersion = 0;
    header.ownBaseMillis = 0;
    header.differences(
        LittleEndian.getLong(bytes, at + VERSION_OFFSET),
        LittleEndian.getLong(bytes, at + TIME_OFFSET));
    return header.payloadBytes >= 0 && header.syncedOffset <= offset;
  }

  @Override
  public CommitPayload readPayload(ByteReader reader, long version, RecordHeader header) {
    return CommitPayload.readCounted(reader, version, header.type == LOAD);
  }
}
