package io.ppdb.lsm.wal;

import io.ppdb.lsm.format.ByteReader;
import io.ppdb.lsm.format.Checksum;
import io.ppdb.lsm.format.CorruptionException;
import java.io.IOException;

/**
 * The records in the bytes of a segment: tells those that are intact from all else.
 *
 * <p>Of a record that was found its {@link #header} can be asked until the next is looked for. Not
 * thread-safe.
 */
final class SegmentRecords {
  /** Bytes that are summed up at once: what only looks like a long record takes no memory. */
  private static final int PIECE_BYTES = SegmentWindow.WINDOW_BYTES;

  private final SegmentWindow window;
  private final RecordLayout layout;
  private final RecordHeader header;

  /**
   * The records in {@code window}.
   *
   * @param header may have been used for other bytes of the same segment
   */
  SegmentRecords(SegmentWindow window, RecordLayout layout, RecordHeader header) {
    this.window = window;
    this.layout = layout;
    this.header = header;
  }

  /** That of the record found last. */
  RecordHeader header() {
    return header;
  }

  /** Whether an intact record of this segment begins at {@code offset}. */
  boolean isIntact(long offset) throws IOException {
    long available = window.sizeInBytes() - offset;
    if (available < layout.minHeaderBytes()) {
      return false;
    }
    int count = (int) Math.min(available, layout.maxHeaderBytes());
    int at = window.load(offset, count);
    boolean intact =
        layout.read(window.bytes(), at, at + count, offset, header)
            && header.recordBytes() <= available
            && header.checksum
                == checksum(offset + header.coveredFrom, offset + header.recordBytes());
    if (intact) {
      header.learnBase();
    }
    return intact;
  }

  private int checksum(long start, long end) throws IOException {
    Checksum checksum = new Checksum();
    for (long offset = start; offset < end; offset += PIECE_BYTES) {
      int count = (int) Math.min(end - offset, PIECE_BYTES);
      int at = window.load(offset, count); // first, since it may change the bytes
      checksum.add(window.bytes(), at, count);
    }
    return checksum.value();
  }

  /** The first intact record at or behind {@code offset}; -1 if there is none. */
  long intactFrom(long offset) throws IOException {
    long last = window.sizeInBytes() - layout.minHeaderBytes();
    for (long at = offset; at <= last; at++) {
      at = candidateFrom(at, last);
      if (at <= last && isIntact(at)) {
        return at;
      }
    }
    return -1;
  }

  /** The first offset from {@code offset} on at which a record may begin. */
  private long candidateFrom(long offset, long last) throws IOException {
    int headerBytes = layout.minHeaderBytes();
    for (long at = offset; at <= last; ) {
      int index = window.load(at, headerBytes);
      byte[] bytes = window.bytes();
      int count = window.loadedBehind(index) - headerBytes;
      for (int i = 0; i <= count; i++) {
        if (layout.mayBegin(bytes, index + i)) {
          return at + i;
        }
      }
      at += count + 1;
    }
    return last + 1;
  }

  /**
   * The commit at {@code offset}, whose record was found there last.
   *
   * @throws CorruptionException if the record is intact, but makes no sense
   */
  WalReader.Commit commit(long offset) throws IOException {
    int type = header.type;
    if (type != RecordLayout.COMMIT && type != RecordLayout.LOAD) {
      throw new CorruptionException(window.path(), offset, "record of type " + type);
    }
    long version = version(offset);
    long timeMillis = header.timeMillis();
    int index = window.load(offset, (int) header.recordBytes());
    int payload = index + header.headerBytes;
    ByteReader reader =
        new ByteReader(
            window.path(),
            offset + header.headerBytes,
            window.bytes(),
            payload,
            payload + header.payloadBytes);
    CommitPayload read = layout.readPayload(reader, version, header);
    return new WalReader.Commit(
        offset,
        version,
        timeMillis,
        read.origin(),
        read.deletedRanges(),
        read.entries(),
        read.tables());
  }

  /** The version of the record at {@code offset}, which was found last. */
  long version(long offset) throws IOException {
    if (!header.isBaseKnown() && !findBase(offset)) {
      throw new CorruptionException(
          window.path(), offset, "a record, but none that has the base of the segment");
    }
    return header.version();
  }

  /** Looks for the base in the records behind the one at {@code offset}; that one is found last. */
  private boolean findBase(long offset) throws IOException {
    long at = offset;
    while (at >= 0 && !header.isBaseKnown()) {
      at = intactFrom(at + 1);
    }
    return isIntact(offset) && header.isBaseKnown();
  }
}
