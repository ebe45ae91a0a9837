package io.ppdb.lsm.wal;

import io.ppdb.lsm.format.ByteReader;
import io.ppdb.lsm.format.FormatVersion;

/**
 * How the records of a segment are laid out, which is the same for all of them; {@code
 * docs/format/wal.md} has every byte.
 *
 * <p>Nothing is read behind the bytes that a caller names, and nothing that a header says is
 * believed before {@link SegmentRecords} has seen that its checksum fits. Immutable.
 */
sealed interface RecordLayout permits FixedLayout, CompactLayout {
  /** A commit; the payload is a {@link CommitPayload}. */
  int COMMIT = 1;

  /** The end of a segment, which is synced before the next one is written to. No payload. */
  int SEAL = 2;

  /** A commit whose entries are in tables; the payload names them, then as a {@link #COMMIT}. */
  int LOAD = 3;

  /** The layout of segment {@code number}, whose header has {@code format}. */
  static RecordLayout of(FormatVersion format, long number) {
    return format.compareTo(FormatVersion.V4) < 0
        ? new FixedLayout(number)
        : new CompactLayout(number);
  }

  /** What the shortest header has. */
  int minHeaderBytes();

  /** What the longest header has. */
  int maxHeaderBytes();

  /**
   * Whether a header may begin at {@code at}, of which {@link #minHeaderBytes} follow; quick, and
   * false for most that is none.
   */
  boolean mayBegin(byte[] bytes, int at);

  /**
   * Reads a header.
   *
   * @param end where the bytes end
   * @param offset of {@code at} in the segment
   * @return false if none is there; then {@code header} has no meaning
   */
  boolean read(byte[] bytes, int at, int end, long offset, RecordHeader header);

  /** Reads the payload of the commit {@code version}, whose header was read last. */
  CommitPayload readPayload(ByteReader reader, long version, RecordHeader header);
}
