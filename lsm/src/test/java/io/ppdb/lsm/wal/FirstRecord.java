package io.ppdb.lsm.wal;

import io.ppdb.lsm.format.Checksum;
import io.ppdb.lsm.format.LittleEndian;

/**
 * Where the first record of a segment has what, for tests that damage it.
 *
 * @param payloadOffset in the segment
 * @param payloadBytes how long the payload is
 */
public record FirstRecord(int payloadOffset, int payloadBytes) {
  private static final int OFFSET = SegmentHeader.BYTES;

  /** That of {@code segment}, whose number is {@code number}. */
  public static FirstRecord of(byte[] segment, long number) {
    RecordHeader header = new RecordHeader();
    if (!new CompactLayout(number).read(segment, OFFSET, segment.length, OFFSET, header)) {
      throw new IllegalArgumentException("no record");
    }
    return new FirstRecord(OFFSET + header.headerBytes, header.payloadBytes);
  }

  /** Gives the record, whose payload was changed, the checksum that it ought to have. */
  public void makeChecksumFit(byte[] segment, long number) {
    int covered = OFFSET + CompactLayout.TYPE_OFFSET;
    int checksum = Checksum.of(segment, covered, payloadOffset + payloadBytes - covered);
    LittleEndian.putInt(segment, OFFSET, checksum ^ CompactLayout.maskOf(number));
  }
}
