package io.ppdb.lsm.wal;

import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.PpdbException;
import io.ppdb.lsm.events.LogGrowthEvent;
import io.ppdb.lsm.events.LogSyncEvent;
import io.ppdb.lsm.format.ByteWriter;
import io.ppdb.lsm.vfs.DiskFullException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The log that commits are appended to, in groups.
 *
 * <p>Records are queued in version order ({@link #enqueue}, under the commit lock); then each
 * committer waits for its own ({@link #await}). The first that waits while nobody leads becomes the
 * leader: it takes all that is queued, writes it by one write, syncs once if anybody asked for it,
 * and wakes the others; one of those queued meanwhile leads the next group. So under load the cost
 * of a sync is shared by all who wait for the previous one.
 *
 * <p><b>Failures.</b> A full disk is found out before a record is written, and likewise a segment
 * that has no more room: the records of that run fail with DISK_FULL or UNAVAILABLE, later ones may
 * succeed. Any other failure is final, and a failed sync is never tried again, since the second may
 * succeed though the data are lost: records that may have reached the disk fail with
 * COMMIT_UNKNOWN, those behind with UNAVAILABLE, and nothing is written any more.
 *
 * <p>Thread-safe.
 */
public final class Wal {
  private static final int BUFFER_BYTES = 256 << 10;

  private final Object lock = new Object();
  private final Consumer<PpdbException> onFailure;
  private final LongAdder growthCount = new LongAdder();

  // Guarded by lock.
  private List<WalRecord> queue = new ArrayList<>();
  private List<WalRecord> idleQueue = new ArrayList<>();
  private boolean leaderActive;

  /** Written by the leader, once. */
  private volatile @Nullable PpdbException failure;

  /** Written by the leader. */
  private volatile WalSegment segment;

  // Used by the leader only; handed on with leaderActive.
  private byte[] buffer = new byte[BUFFER_BYTES];
  private long lastVersion;
  private long lastTimeMillis;

  /**
   * A log that goes on in {@code segment}, which is empty.
   *
   * @param onFailure told, once, why the log takes no more records
   */
  public Wal(WalSegment segment, Consumer<PpdbException> onFailure) {
    this.segment = segment;
    this.onFailure = onFailure;
  }

  /** Queues a record; the order of calls is the order in the log. Does not block on I/O. */
  public void enqueue(WalRecord record) {
    PpdbException failed = failure;
    if (failed != null) {
      throw new PpdbException(
          ErrorCode.UNAVAILABLE, "the log has failed: " + failed.getMessage(), failed);
    }
    synchronized (lock) {
      queue.add(record);
    }
  }

  /**
   * Queues a change of segment: all records before are synced when it is through. The caller, or
   * somebody else who waits for a later record, has to {@link #await} it.
   */
  public WalRecord enqueueRotation(WalSegment nextSegment) {
    WalRecord rotation = WalRecord.rotation(nextSegment);
    enqueue(rotation);
    return rotation;
  }

  /** Makes everything queued so far durable. */
  public void sync() {
    WalRecord barrier = WalRecord.syncBarrier();
    enqueue(barrier);
    await(barrier);
  }

  /** How far the log is durable now. */
  public LogEnd end() {
    WalSegment now = segment;
    long written = now.position();
    long synced = now.syncedOffset();
    return new LogEnd(now.number(), synced, synced >= written);
  }

  /** How often commits waited while a segment was filled with zeros. */
  public long growthCount() {
    return growthCount.sum();
  }

  /** Waits until the record is written, and synced if it asks for that; throws if it is not. */
  public void await(WalRecord record) {
    if (record.state != WalRecord.SETTLED && mustLead(record)) {
      leadGroup();
    }
    PpdbException failed = record.failure;
    if (failed != null) {
      throw new PpdbException(failed.code(), String.valueOf(failed.getMessage()), failed);
    }
  }

  /**
   * Makes everything queued durable, ends the segment with a seal and closes it; nothing may be
   * queued any more.
   *
   * @return whether all is well; false if the log had failed before
   */
  public boolean close() throws IOException {
    try {
      if (failure != null) {
        return false;
      }
      sync();
      seal();
      return true;
    } finally {
      segment.close();
    }
  }

  /** Waits for the record; true if this thread has to lead a group, which has the record in it. */
  private boolean mustLead(WalRecord record) {
    synchronized (lock) {
      if (record.state == WalRecord.SETTLED) {
        return false;
      }
      if (!leaderActive) {
        leaderActive = true;
        return true;
      }
      record.waiter = Thread.currentThread();
    }
    boolean interrupted = false;
    while (record.state == WalRecord.WAITING) {
      LockSupport.park(this);
      interrupted |= Thread.interrupted();
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    return record.state == WalRecord.LEADS;
  }

  private void leadGroup() {
    List<WalRecord> group;
    synchronized (lock) {
      group = queue;
      queue = idleQueue;
    }
    try {
      writeGroup(group);
    } catch (RuntimeException | Error e) {
      // A defect, or no memory: nobody may believe that his record was written.
      fail(group, ErrorCode.COMMIT_UNKNOWN, e);
      throw e;
    } finally {
      synchronized (lock) {
        for (WalRecord record : group) {
          record.state = WalRecord.SETTLED;
          if (record.waiter != null) {
            LockSupport.unpark(record.waiter);
          }
        }
        group.clear();
        idleQueue = group;
        handOver();
      }
    }
  }

  /** Lets somebody who waits already lead; else the next to wait will. Requires the lock. */
  private void handOver() {
    for (WalRecord record : queue) {
      if (record.waiter != null) {
        record.state = WalRecord.LEADS;
        LockSupport.unpark(record.waiter);
        return;
      }
    }
    leaderActive = false;
  }

  /** Writes the runs of records between rotations; settles the failure of each record. */
  private void writeGroup(List<WalRecord> group) {
    int start = 0;
    while (start < group.size()) {
      int end = start;
      while (end < group.size() && group.get(end).nextSegment == null) {
        end++;
      }
      writeRun(group.subList(start, end));
      if (end < group.size()) {
        rotate(group.get(end));
      }
      start = end + 1;
    }
  }

  private void writeRun(List<WalRecord> run) {
    if (run.isEmpty() || failAll(run)) {
      return;
    }
    long start = segment.position();
    long byteCount = 0;
    boolean sync = false;
    for (WalRecord record : run) {
      byteCount += record.bytes == null ? 0 : record.bytes.size();
      sync |= record.sync;
    }
    if (!segment.hasRoomFor(byteCount)) {
      settle(
          run,
          new PpdbException(
              ErrorCode.UNAVAILABLE,
              segment.path() + " has no room for more until the memtable is frozen"));
      return;
    }
    try {
      reserve(byteCount);
    } catch (DiskFullException e) {
      settle(run, new PpdbException(ErrorCode.DISK_FULL, "no space for the log: " + e, e));
      return;
    } catch (IOException e) {
      fail(run, ErrorCode.UNAVAILABLE, e);
      return;
    }
    try {
      if (sync) {
        writeGathered(run);
      } else {
        writeMapped(run);
      }
      if (sync && !segment.isSynced()) {
        LogSyncEvent event = new LogSyncEvent();
        event.segmentNumber = segment.number();
        event.recordCount = run.size();
        event.bytes = segment.position() - start;
        event.begin();
        segment.force();
        event.commit();
      }
    } catch (DiskFullException e) {
      rollBack(run, start, start + byteCount, e);
    } catch (IOException e) {
      fail(run, ErrorCode.COMMIT_UNKNOWN, e);
    }
  }

  private void reserve(long byteCount) throws IOException {
    if (!segment.lacksRoomFor(byteCount)) {
      return;
    }
    growthCount.increment();
    LogGrowthEvent event = new LogGrowthEvent();
    event.segmentNumber = segment.number();
    event.begin();
    event.bytes = segment.reserve(byteCount);
    event.commit();
  }

  /** Writes records that are synced at once, by few calls of the system. */
  private void writeGathered(List<WalRecord> run) throws IOException {
    int used = 0;
    for (WalRecord record : run) {
      ByteWriter bytes = record.bytes;
      if (bytes == null) {
        continue;
      }
      finish(record, bytes, used);
      int size = record.sizeInBytes();
      if (used > 0 && size > buffer.length - used) {
        segment.append(ByteBuffer.wrap(buffer, 0, used));
        used = 0;
      }
      if (size > buffer.length) {
        segment.append(ByteBuffer.wrap(bytes.array(), record.start, size));
      } else {
        System.arraycopy(bytes.array(), record.start, buffer, used, size);
        used += size;
      }
    }
    if (used > 0) {
      segment.append(ByteBuffer.wrap(buffer, 0, used));
    }
  }

  /** Writes records that only have to be in the hands of the system. */
  private void writeMapped(List<WalRecord> run) throws IOException {
    for (WalRecord record : run) {
      ByteWriter bytes = record.bytes;
      if (bytes == null) {
        continue;
      }
      finish(record, bytes, 0);
      int size = record.sizeInBytes();
      if (size <= BUFFER_BYTES) {
        segment.appendMapped(bytes.array(), record.start, size);
      } else {
        segment.append(ByteBuffer.wrap(bytes.array(), record.start, size));
      }
    }
  }

  /** Writes the header of a record that follows {@code pendingBytes} not yet appended. */
  private void finish(WalRecord record, ByteWriter bytes, int pendingBytes) {
    lastVersion = record.version;
    lastTimeMillis = record.timeMillis;
    record.start =
        segment.writeHeader(
            bytes.array(),
            RecordWriter.MAX_HEADER_BYTES,
            bytes.size(),
            record.typeAndOrigin,
            record.version,
            record.timeMillis,
            pendingBytes);
  }

  /** A full disk in spite of the reservation: what was written must not be found by recovery. */
  private void rollBack(List<WalRecord> run, long start, long end, DiskFullException cause) {
    try {
      segment.rollBack(start, end);
      settle(run, new PpdbException(ErrorCode.DISK_FULL, "no space for the log: " + cause, cause));
    } catch (IOException e) {
      cause.addSuppressed(e);
      fail(run, ErrorCode.COMMIT_UNKNOWN, cause);
    }
  }

  private void rotate(WalRecord rotation) {
    WalSegment next = rotation.nextSegment;
    if (next == null) {
      return;
    }
    if (failAll(List.of(rotation))) {
      closeUnused(next);
      return;
    }
    try {
      rotation.assign(lastVersion, lastTimeMillis);
      rotation.endOffset = segment.position();
      rotation.hasSyncedRecords = segment.hasSyncedRecords();
      seal();
      segment.close();
      segment = next;
    } catch (IOException e) {
      closeUnused(next);
      // The seal is written to reserved space; a file system that never overwrites may lack it.
      boolean full = e instanceof DiskFullException;
      fail(List.of(rotation), full ? ErrorCode.DISK_FULL : ErrorCode.UNAVAILABLE, e);
    }
  }

  private static void closeUnused(WalSegment next) {
    try {
      next.close();
    } catch (IOException e) {
      // Nothing was written to it, and the log has failed for another reason already.
      System.getLogger(Wal.class.getName())
          .log(System.Logger.Level.DEBUG, "cannot close " + next.path(), e);
    }
  }

  private void seal() throws IOException {
    segment.force();
    int end = RecordWriter.MAX_HEADER_BYTES;
    int start =
        segment.writeHeader(buffer, end, end, RecordLayout.SEAL, lastVersion, lastTimeMillis, 0);
    segment.append(ByteBuffer.wrap(buffer, start, end - start));
    segment.force();
  }

  private boolean failAll(List<WalRecord> records) {
    PpdbException failed = failure;
    if (failed == null) {
      return false;
    }
    settle(
        records,
        new PpdbException(
            ErrorCode.UNAVAILABLE, "the log has failed: " + failed.getMessage(), failed));
    return true;
  }

  private void fail(List<WalRecord> records, ErrorCode code, Throwable cause) {
    PpdbException failed =
        new PpdbException(code, "cannot write " + segment.path() + ": " + cause, cause);
    settle(records, failed);
    failure = failed;
    onFailure.accept(failed);
  }

  private static void settle(List<WalRecord> records, PpdbException failed) {
    for (WalRecord record : records) {
      record.failure = failed;
    }
  }
}
