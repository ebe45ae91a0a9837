package io.ppdb.lsm.wal;

import io.ppdb.kv.CommitOrigin;
import io.ppdb.kv.KeyRange;
import io.ppdb.kv.PpdbException;
import io.ppdb.kv.engine.Entry;
import io.ppdb.lsm.format.ByteWriter;
import org.jspecify.annotations.Nullable;

/**
 * A record, or a barrier among records, on its way into the log.
 *
 * <p>Made and filled by one thread, queued under the commit lock, written by whoever leads its
 * group.
 */
public final class WalRecord {
  static final int WAITING = 0;
  static final int LEADS = 1;
  static final int SETTLED = 2;

  /** What a record has besides its header and its keys and values, about. */
  private static final int OVERHEAD_BYTES = 8;

  private static final int ENTRY_OVERHEAD_BYTES = 8;
  private static final Entry[] NO_ENTRIES = {};

  /** Room for the header, which the leader writes, and the payload; null for a barrier. */
  final @Nullable ByteWriter bytes;

  /** What the header says that this is, and whose it is; of a barrier, nothing. */
  final int typeAndOrigin;

  final boolean sync;

  /** The segment to go on with behind this barrier. */
  final @Nullable WalSegment nextSegment;

  long version;
  long timeMillis;

  /** Where the header begins in the bytes; set and used by the leader. */
  int start;

  /** Whether this thread waits, leads the next group, or is through. */
  volatile int state = WAITING;

  /** Guarded by the monitor of the log. */
  @Nullable Thread waiter;

  /**
   * Of a rotation: where the commits of the segment end that it ended; version and tick are then
   * those of the last one. Set before the state becomes SETTLED.
   */
  long endOffset;

  /** Of a rotation: whether commits of the segment that it ended had been synced before. */
  boolean hasSyncedRecords;

  /** Why the record is not durable; set before the state becomes SETTLED. */
  @Nullable PpdbException failure;

  private WalRecord(
      @Nullable ByteWriter bytes,
      int typeAndOrigin,
      boolean sync,
      @Nullable WalSegment nextSegment) {
    this.bytes = bytes;
    this.typeAndOrigin = typeAndOrigin;
    this.sync = sync;
    this.nextSegment = nextSegment;
  }

  /** The record of a commit that has no version yet. */
  public static WalRecord commit(
      CommitOrigin origin, KeyRange[] deletedRanges, Entry[] entries, boolean sync) {
    int size = RecordWriter.MAX_HEADER_BYTES + OVERHEAD_BYTES;
    for (Entry entry : entries) {
      size += entry.key().length + entry.value().length + ENTRY_OVERHEAD_BYTES;
    }
    ByteWriter bytes = new ByteWriter(size);
    bytes.skip(RecordWriter.MAX_HEADER_BYTES);
    CommitPayload.write(bytes, deletedRanges, entries);
    return new WalRecord(bytes, RecordLayout.COMMIT | flag(origin), sync, null);
  }

  /**
   * The record of a commit that has no version yet, and whose entries are in tables.
   *
   * @param tables names them
   */
  public static WalRecord load(
      CommitOrigin origin, KeyRange[] deletedRanges, byte[] tables, boolean sync) {
    ByteWriter bytes =
        new ByteWriter(RecordWriter.MAX_HEADER_BYTES + OVERHEAD_BYTES + tables.length);
    bytes.skip(RecordWriter.MAX_HEADER_BYTES);
    bytes.putSized(tables);
    CommitPayload.write(bytes, deletedRanges, NO_ENTRIES);
    return new WalRecord(bytes, RecordLayout.LOAD | flag(origin), sync, null);
  }

  private static int flag(CommitOrigin origin) {
    return origin == CommitOrigin.USER ? 0 : CompactLayout.MAINTENANCE_FLAG;
  }

  /** How many bytes the record has in the log; once its header is written. */
  int sizeInBytes() {
    return bytes == null ? 0 : bytes.size() - start;
  }

  /** Gives the record of a commit its version and tick. */
  public void assign(long newVersion, long newTimeMillis) {
    version = newVersion;
    timeMillis = newTimeMillis;
  }

  /** Whether the segment that this rotation ended has a commit; after it was awaited. */
  public boolean hasCommits() {
    return endOffset > SegmentHeader.BYTES;
  }

  /**
   * How long the next segment should be from its start, so that commits need not wait for it to
   * grow: as long as the one became that this rotation ended. 0 if that is not known yet, or if its
   * commits were not synced: to fill what nobody syncs takes as long before as after, and most of
   * the zeros would be written for nothing if no more commits came.
   */
  public long expectedBytes() {
    return state == SETTLED && failure == null && hasSyncedRecords ? endOffset : 0;
  }

  /** Where the commits of the segment end that this rotation ended. */
  public long endOffset() {
    return endOffset;
  }

  /** The version of the commit, or of the last one before the rotation. */
  public long version() {
    return version;
  }

  /** The tick of that commit. */
  public long timeMillis() {
    return timeMillis;
  }

  /** Asks for all records before to be synced. */
  static WalRecord syncBarrier() {
    return new WalRecord(null, 0, true, null);
  }

  /** Ends the current segment; the records behind go to {@code nextSegment}. */
  static WalRecord rotation(WalSegment nextSegment) {
    return new WalRecord(null, 0, true, nextSegment);
  }
}
