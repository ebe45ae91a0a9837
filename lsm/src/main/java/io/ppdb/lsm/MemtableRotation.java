package io.ppdb.lsm;

import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.PpdbException;
import io.ppdb.kv.engine.Commit;
import io.ppdb.kv.engine.EngineContext;
import io.ppdb.kv.engine.Memtable;
import io.ppdb.lsm.blob.BlobBatch;
import io.ppdb.lsm.blob.BlobPins;
import io.ppdb.lsm.manifest.ManifestEdit;
import io.ppdb.lsm.vfs.DiskFullException;
import io.ppdb.lsm.wal.LogEnd;
import io.ppdb.lsm.wal.Wal;
import io.ppdb.lsm.wal.WalRecord;
import io.ppdb.lsm.wal.WalSegment;
import io.ppdb.lsm.wal.WalSegments;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where commits go: the active memtable and the current segment of the log, which change together,
 * between two commits.
 *
 * <p>The next segment is made beforehand, outside of the commit lock, and is in the manifest before
 * it is written to. A memtable that is full while there is no next segment just grows on; {@link
 * Backpressure} sees to it that it does not grow far.
 *
 * <p>Thread-safe. The monitor of this object makes a commit's place in the log and in a memtable
 * one step; it is taken inside the commit lock, and never held during I/O.
 */
final class MemtableRotation {
  /**
   * How far the ceiling in the manifest is raised above the last version; that is done again when
   * half of them are used.
   */
  private static final long VERSION_RESERVE = 1 << 18;

  /**
   * When fewer versions are left, commits wait before they take one; more than all that may be
   * between that wait and the commit lock.
   */
  private static final long FEW_VERSIONS = VERSION_RESERVE / 8;

  /** Memtables that may wait to be flushed. */
  private static final int MAX_FROZEN = 2;

  /** The next segment is made when the memtable has reached this part of its size. */
  private static final int PREPARE_DIVISOR = 4;

  /** A large value counts for this part of its length: so much it keeps on the disk, if dead. */
  private static final int BLOB_DIVISOR = 16;

  private final EngineContext context;
  private final LiveState live;
  private final WalSegments segments;
  private final Wal wal;
  private final long memtableBytes;

  // Guarded by this.
  private long segmentNumber;
  private @Nullable WalSegment nextSegment;

  /** The last change of segments; null before the first. */
  private @Nullable WalRecord lastRotation;

  private long lastVersion;
  private long versionCeiling;

  /** The tick of the first commit in the active memtable; the greatest if there is none. */
  private long firstCommitMillis = Long.MAX_VALUE;

  /** Written under the monitor. */
  private volatile boolean shortOfVersions;

  /** Called when there is something for {@link #prepare} or a flush to do; set once. */
  private Runnable onWork = () -> {};

  /** Begins with the empty segment {@code number}, which {@code wal} writes to. */
  MemtableRotation(
      EngineContext context,
      LiveState live,
      WalSegments segments,
      Wal wal,
      long number,
      long versionCeiling) {
    this.context = context;
    this.live = live;
    this.segments = segments;
    this.wal = wal;
    this.memtableBytes = context.options().memtableBytes();
    this.segmentNumber = number;
    this.lastVersion = context.publishedVersion();
    this.versionCeiling = versionCeiling;
  }

  /** Who is told that there is work; before the first commit. */
  synchronized void onWork(Runnable newOnWork) {
    onWork = newOnWork;
  }

  /** The ceiling to persist when versions up to {@code lastVersion} are handed out. */
  static long ceilingAbove(long lastVersion) {
    return lastVersion + VERSION_RESERVE;
  }

  /**
   * Queues a commit's record, and says which memtable it goes to. The memtable is held until {@link
   * Memtable#applied}, so that a flush cannot pass before the pipeline has reserved in it.
   *
   * @param blobs the large values of the commit, which the memtable keeps from now on; null if none
   */
  synchronized Memtable enqueue(Commit commit, WalRecord record, @Nullable BlobBatch blobs) {
    checkCeiling(commit.version());
    rotateIfFull();
    Memtable active = live.peek().active();
    record.assign(commit.version(), commit.timeMillis());
    wal.enqueue(record);
    if (blobs != null) {
      live.peek().activePins().takeOver(blobs);
    }
    active.reserve(0);
    firstCommitMillis = Math.min(firstCommitMillis, commit.timeMillis());
    used(commit.version());
    return active;
  }

  /**
   * Queues the record of a load as the last one of its segment: the memtable is frozen behind it.
   *
   * @return that memtable, held as by {@link #enqueue}; null if there is no segment to go on with
   *     or too much waits to be flushed, and then nothing has happened
   */
  synchronized @Nullable LoadPlace enqueueLoad(Commit commit, WalRecord record) {
    checkCeiling(commit.version());
    if (!hasRoom()) {
      return null;
    }
    Memtable active = live.peek().active();
    record.assign(commit.version(), commit.timeMillis());
    wal.enqueue(record);
    active.reserve(0);
    used(commit.version());
    LoadPlace place = new LoadPlace(active, segmentNumber);
    rotate();
    return place;
  }

  /**
   * Where a load lies.
   *
   * @param memtable right below it
   * @param walNumber the segment that it ends
   */
  record LoadPlace(Memtable memtable, long walNumber) {}

  /** Whether the active memtable can be frozen. */
  private boolean hasRoom() {
    return nextSegment != null && live.peek().frozen().size() < MAX_FROZEN;
  }

  /** Whether a load would find room, which may be taken by somebody else before it comes. */
  synchronized boolean hasRoomForLoad() {
    return hasRoom();
  }

  /** Lets a commit have {@code version} that leaves no record. */
  synchronized void useVersion(long version) {
    checkCeiling(version);
    used(version);
  }

  /** No version is handed out above the ceiling: after a crash they would be handed out again. */
  private void checkCeiling(long version) {
    if (version > versionCeiling) {
      onWork.run();
      throw new PpdbException(
          ErrorCode.UNAVAILABLE, "version " + version + " is not covered by the manifest yet");
    }
  }

  private void used(long version) {
    lastVersion = version;
    shortOfVersions = versionCeiling - version < FEW_VERSIONS;
    if (needsPreparation()) {
      onWork.run();
    }
  }

  /** Whether the active memtable has a commit that is not younger than {@code millis}. */
  synchronized boolean hasCommitBefore(long millis) {
    return firstCommitMillis <= millis;
  }

  /** How full the active memtable is: what it takes, and a part of what it refers to. */
  private static long weight(ReadState state) {
    BlobPins pins = state.activePins();
    long blobBytes = pins.isEmpty() ? 0 : pins.valueBytes();
    return state.active().sizeInBytes() + blobBytes / BLOB_DIVISOR;
  }

  /** Whether commits should wait until {@link #prepare} has raised the ceiling. */
  boolean isShortOfVersions() {
    return shortOfVersions;
  }

  /**
   * Freezes the active memtable if it is full, and there is a segment to go on with. Each commit
   * does so, and each flush: commits may be waiting for just that.
   */
  synchronized void rotateIfFull() {
    if (weight(live.peek()) >= memtableBytes && hasRoom()) {
      rotate();
    }
  }

  private void rotate() {
    WalSegment next = nextSegment;
    if (next == null) {
      throw new IllegalStateException("no next segment");
    }
    WalRecord barrier = wal.enqueueRotation(next);
    live.rotate(
        new FrozenMemtable(
            live.peek().active(),
            live.peek().activePins(),
            segmentNumber,
            lastVersion,
            barrier,
            null));
    lastRotation = barrier;
    segmentNumber = next.number();
    nextSegment = null;
    firstCommitMillis = Long.MAX_VALUE;
    onWork.run();
  }

  private boolean needsPreparation() {
    return versionCeiling - lastVersion < VERSION_RESERVE / 2
        || (nextSegment == null && weight(live.peek()) >= memtableBytes / PREPARE_DIVISOR);
  }

  /** Makes the next segment, and raises the ceiling of versions, if it is time. */
  void prepare() throws IOException {
    boolean needed;
    synchronized (this) {
      needed = needsPreparation();
    }
    if (needed) {
      prepareNext(true);
    }
  }

  /**
   * Makes the next segment if there is none, and raises the ceiling of versions. One caller at a
   * time.
   *
   * @param inAdvance whether there is time to fill the segment
   */
  private void prepareNext(boolean inAdvance) throws IOException {
    boolean segmentMissing;
    long ceiling;
    long expectedBytes;
    synchronized (this) {
      expectedBytes = inAdvance && lastRotation != null ? lastRotation.expectedBytes() : 0;
      segmentMissing = nextSegment == null;
      ceiling = ceilingAbove(Math.max(lastVersion, context.publishedVersion()));
    }
    ManifestEdit edit = new ManifestEdit().versionCeiling(ceiling);
    WalSegment made = null;
    if (segmentMissing) {
      made = segments.create(live.newFileNumber(), expectedBytes);
      edit.addWal(made.number());
    }
    boolean applied = false;
    try {
      live.apply(edit);
      applied = true;
    } catch (DiskFullException e) {
      // Certainly not in the manifest, so it may go. After another failure nobody knows.
      if (made != null) {
        segments.discard(made);
      }
      throw e;
    } finally {
      if (!applied && made != null) {
        made.close();
      }
    }
    synchronized (this) {
      versionCeiling = ceiling;
      shortOfVersions = versionCeiling - lastVersion < FEW_VERSIONS;
      if (made != null) {
        nextSegment = made;
      }
    }
  }

  /** As {@link #prepare}, whether it is time or not, for somebody who waits. */
  void prepareNow() throws IOException {
    prepareNext(false);
  }

  /**
   * Freezes the active memtable even if it is not full, unless a commit has just done so. One
   * caller at a time, and not while {@link #prepare} runs.
   */
  void rotateNow() throws IOException {
    prepareNext(false);
    synchronized (this) {
      // Without a next segment: a commit has used it since, freezing all that came before the call.
      if (nextSegment != null) {
        rotate();
      }
    }
  }

  /** The oldest memtable that waits to be flushed, or null. */
  @Nullable FrozenMemtable oldestFrozen() {
    List<FrozenMemtable> frozen = live.peek().frozen();
    return frozen.isEmpty() ? null : frozen.get(frozen.size() - 1);
  }

  /** Waits until a commit is in the log as its durability asks. */
  void await(WalRecord record) {
    wal.await(record);
  }

  /** How often commits waited while a segment of the log was filled with zeros. */
  long logGrowthCount() {
    return wal.growthCount();
  }

  /** How far the log is durable. */
  LogEnd logEnd() {
    return wal.end();
  }

  /** Makes the log durable, as far as it is written. */
  void syncLog() {
    wal.sync();
  }

  /** Waits until all commits of a frozen memtable are synced in the log. */
  void awaitSynced(FrozenMemtable frozen) {
    wal.await(frozen.rotation());
  }

  /**
   * Syncs and closes the log; nothing is queued any more.
   *
   * @return the last edit, which says that the log is whole; null if it has failed
   */
  synchronized @Nullable ManifestEdit close() throws IOException {
    try {
      if (!wal.close()) {
        return null;
      }
      ManifestEdit edit =
          new ManifestEdit()
              .versionCeiling(Math.max(lastVersion, context.publishedVersion()))
              .tickMillis(context.ticks().nextMillis())
              .closed();
      if (nextSegment != null) {
        edit.removeWal(nextSegment.number()); // never written to, so that it has no seal
      }
      return edit;
    } finally {
      if (nextSegment != null) {
        nextSegment.close();
      }
    }
  }
}
