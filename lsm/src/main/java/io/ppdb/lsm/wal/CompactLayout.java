package io.ppdb.lsm.wal;

import io.ppdb.kv.CommitOrigin;
import io.ppdb.lsm.format.ByteReader;
import io.ppdb.lsm.format.Checksum;
import io.ppdb.lsm.format.LittleEndian;

/**
 * Records of format 4, written by {@link RecordWriter}:
 *
 * <pre>
 * record = crc32c u32 · check u16 · type and flags u8 · payload length varint
 *        · version - base varint · tick - base varint · synced offset varint
 *        · [base version u64 · base tick i64] · payload
 * </pre>
 *
 * Version and tick are differences from the base, which is the same for the whole segment and which
 * some records repeat: with it, each can be read without the one before. The checksum covers
 * everything behind the check. The check is the lower half of the same over the header only: it
 * tells quickly what is no header, whatever length that seems to have.
 *
 * @param mask is mixed into both, so that a record of the file's earlier life has other ones
 */
record CompactLayout(int mask) implements RecordLayout {
  static final int CHECK_OFFSET = 4;
  static final int TYPE_OFFSET = 6;
  static final int LENGTH_OFFSET = 7;

  static final int TYPE_MASK = 3;

  /** The record has the base of its segment. */
  static final int BASE_FLAG = 4;

  /** The synced offset counts from the start of the file, and not back from the record. */
  static final int FROM_START_FLAG = 8;

  static final int MAINTENANCE_FLAG = 16;
  private static final int UNUSED_FLAGS = 0xE0;

  static final int BASE_BYTES = 2 * Long.BYTES;
  private static final int MAX_INT_BYTES = 5;
  private static final int MAX_LONG_BYTES = 10;

  static final int MIN_HEADER_BYTES = LENGTH_OFFSET + 4;
  static final int MAX_HEADER_BYTES =
      LENGTH_OFFSET + 2 * MAX_INT_BYTES + 2 * MAX_LONG_BYTES + BASE_BYTES;

  /** The layout of segment {@code number}. */
  CompactLayout(long number) {
    this(maskOf(number));
  }

  static int maskOf(long number) {
    return new Checksum().addLong(number).value();
  }

  @Override
  public int minHeaderBytes() {
    return MIN_HEADER_BYTES;
  }

  @Override
  public int maxHeaderBytes() {
    return MAX_HEADER_BYTES;
  }

  @Override
  public boolean mayBegin(byte[] bytes, int at) {
    int flags = bytes[at + TYPE_OFFSET];
    return (flags & UNUSED_FLAGS) == 0 && (flags & TYPE_MASK) != 0;
  }

  @Override
  public boolean read(byte[] bytes, int at, int end, long offset, RecordHeader header) {
    if (end - at < MIN_HEADER_BYTES || !mayBegin(bytes, at)) {
      return false;
    }
    int flags = bytes[at + TYPE_OFFSET];
    Varints varints = new Varints(bytes, at + LENGTH_OFFSET, end);
    long payloadBytes = varints.next();
    header.differences(varints.next(), varints.next());
    long synced = varints.next();
    int next = varints.position();
    header.hasBase = (flags & BASE_FLAG) != 0;
    if (next < 0
        || payloadBytes < 0
        || payloadBytes > Integer.MAX_VALUE
        || synced < 0
        || synced > offset
        || (header.hasBase && end - next < BASE_BYTES)) {
      return false;
    }
    if (header.hasBase) {
      header.ownBaseVersion = LittleEndian.getLong(bytes, next);
      header.ownBaseMillis = LittleEndian.getLong(bytes, next + Long.BYTES);
      next += BASE_BYTES;
    }
    header.coveredFrom = TYPE_OFFSET;
    header.checksum = LittleEndian.getInt(bytes, at) ^ mask;
    header.type = flags & TYPE_MASK;
    header.isByMaintenance = (flags & MAINTENANCE_FLAG) != 0;
    header.headerBytes = next - at;
    header.payloadBytes = (int) payloadBytes;
    header.syncedOffset = (flags & FROM_START_FLAG) != 0 ? synced : offset - synced;
    int check = Checksum.of(bytes, at + TYPE_OFFSET, next - at - TYPE_OFFSET) ^ mask;
    return LittleEndian.getShort(bytes, at + CHECK_OFFSET) == (check & 0xFFFF);
  }

  @Override
  public CommitPayload readPayload(ByteReader reader, long version, RecordHeader header) {
    CommitOrigin origin = header.isByMaintenance ? CommitOrigin.MAINTENANCE : CommitOrigin.USER;
    return CommitPayload.read(reader, version, origin, header.type == LOAD);
  }

  /** Reads unsigned LEB128 until they make no sense, which is no error here. */
  private static final class Varints {
    private final byte[] bytes;
    private final int end;
    private int position;

    Varints(byte[] bytes, int start, int end) {
      this.bytes = bytes;
      this.position = start;
      this.end = end;
    }

    /** The next one; anything if it does not end in time. */
    long next() {
      long value = 0;
      for (int shift = 0; shift < Long.SIZE && position >= 0 && position < end; shift += 7) {
        int next = bytes[position++];
        value |= (next & 0x7FL) << shift;
        if (next >= 0) {
          return value;
        }
      }
      position = -1;
      return value;
    }

    /** Behind the last one; negative if one did not end in time. */
    int position() {
      return position;
    }
  }
}
