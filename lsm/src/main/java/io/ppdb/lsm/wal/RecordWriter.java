package io.ppdb.lsm.wal;

import io.ppdb.lsm.format.Checksum;
import io.ppdb.lsm.format.LittleEndian;

/**
 * Puts headers before the payloads of a segment's records, in the layout of {@link CompactLayout}.
 *
 * <p>The base of the segment is the version and tick of the first record. Used by the leader of a
 * group only.
 */
final class RecordWriter {
  /** What has to be free before a payload. */
  static final int MAX_HEADER_BYTES = CompactLayout.MAX_HEADER_BYTES;

  /** Who finds an intact record has the base of its segment within about so many bytes. */
  private static final int BASE_DISTANCE_BYTES = 16 << 10;

  private final int mask;
  private final Checksum checksum = new Checksum();
  private boolean hasBase;
  private long baseVersion;
  private long baseMillis;

  /** The next record that begins here, or behind, has the base. */
  private long nextBaseOffset;

  /** Headers of segment {@code number}. */
  RecordWriter(long number) {
    mask = CompactLayout.maskOf(number);
  }

  /**
   * Writes the header of a record right before its payload.
   *
   * @param bytes the payload, {@code [start, end)}, behind {@link #MAX_HEADER_BYTES} free ones
   * @param typeAndOrigin a type of {@link RecordLayout}, and {@link CompactLayout#MAINTENANCE_FLAG}
   * @param offset where the record will begin in the segment
   * @return where the header begins in {@code bytes}
   */
  int write(
      byte[] bytes,
      int start,
      int end,
      int typeAndOrigin,
      long version,
      long timeMillis,
      long offset,
      long syncedOffset) {
    if (!hasBase) {
      hasBase = true;
      baseVersion = version;
      baseMillis = timeMillis;
    }
    boolean repeatsBase = offset >= nextBaseOffset || typeAndOrigin == RecordLayout.SEAL;
    boolean fromStart = syncedOffset < offset - syncedOffset;
    long synced = fromStart ? syncedOffset : offset - syncedOffset;
    long versionDifference = version - baseVersion;
    long millisDifference = timeMillis - baseMillis;
    int covered =
        Byte.BYTES
            + varintBytes(end - start)
            + varintBytes(versionDifference)
            + varintBytes(millisDifference)
            + varintBytes(synced)
            + (repeatsBase ? CompactLayout.BASE_BYTES : 0);
    int coveredStart = start - covered;
    int flags =
        typeAndOrigin
            | (repeatsBase ? CompactLayout.BASE_FLAG : 0)
            | (fromStart ? CompactLayout.FROM_START_FLAG : 0);
    bytes[coveredStart] = (byte) flags;
    int at = putVarint(bytes, coveredStart + 1, end - start);
    at = putVarint(bytes, at, versionDifference);
    at = putVarint(bytes, at, millisDifference);
    at = putVarint(bytes, at, synced);
    if (repeatsBase) {
      LittleEndian.putLong(bytes, at, baseVersion);
      LittleEndian.putLong(bytes, at + Long.BYTES, baseMillis);
      nextBaseOffset = offset + BASE_DISTANCE_BYTES;
    }
    int recordStart = coveredStart - CompactLayout.TYPE_OFFSET;
    checksum.reset().add(bytes, coveredStart, covered);
    LittleEndian.putShort(bytes, recordStart + CompactLayout.CHECK_OFFSET, checksum.value() ^ mask);
    checksum.add(bytes, start, end - start);
    LittleEndian.putInt(bytes, recordStart, checksum.value() ^ mask);
    return recordStart;
  }

  /** The records from {@code offset} on, whose headers were written, are not in the segment. */
  void rolledBackTo(long offset) {
    nextBaseOffset = Math.min(nextBaseOffset, offset);
  }

  private static int varintBytes(long value) {
    return (Long.SIZE - Long.numberOfLeadingZeros(value | 1) + 6) / 7;
  }

  private static int putVarint(byte[] bytes, int offset, long value) {
    int at = offset;
    long rest = value;
    while ((rest & ~0x7FL) != 0) {
      bytes[at++] = (byte) (rest | 0x80);
      rest >>>= 7;
    }
    bytes[at++] = (byte) rest;
    return at;
  }
}
