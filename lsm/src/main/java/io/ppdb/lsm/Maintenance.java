package io.ppdb.lsm;

import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.KeyRange;
import io.ppdb.kv.PpdbException;
import io.ppdb.kv.engine.EngineContext;
import io.ppdb.lsm.manifest.ManifestEdit;
import io.ppdb.lsm.tree.TableRun;
import io.ppdb.lsm.tree.Tree;
import io.ppdb.lsm.wal.KeptSegment;
import io.ppdb.lsm.wal.WalRecord;
import io.ppdb.lsm.wal.WalSegments;
import java.io.Closeable;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Flushes and compactions: by two threads as need be, and at once when asked for.
 *
 * <p>A failure that is not a full disk makes the store read-only: what is on disk stays as it was
 * after the last edit of the manifest.
 */
final class Maintenance implements Closeable {
  /** How often to look whether deletes, or other garbage, are due. */
  private static final long MIN_POLL_MILLIS = 10;

  private static final long MAX_POLL_MILLIS = TimeUnit.MINUTES.toMillis(1);

  /** How old a memtable may become: deletes in it have to reach what they delete. */
  private final long patienceMillis;

  private final EngineContext context;
  private final LiveState live;
  private final WalSegments segments;
  private final MemtableRotation rotation;
  private final LogArchiver archiver;
  private final Flusher flusher;
  private final ChangeRetention retention;
  private final Compactor compactor;
  private final Backpressure backpressure;
  private final WorkCounters counters = new WorkCounters();
  private final Worker flushWorker;
  private final Worker compactionWorker;

  /** One at a time prepares a rotation or flushes; taken before any other lock. */
  private final Object flushLock = new Object();

  /** Guarded by flushLock. */
  private boolean closed;

  Maintenance(
      LsmOptions options,
      EngineContext context,
      LiveState live,
      WalSegments segments,
      MemtableRotation rotation,
      LogArchiver archiver) {
    this.context = context;
    this.live = live;
    this.segments = segments;
    this.rotation = rotation;
    this.archiver = archiver;
    this.flusher = new Flusher(options, context, live);
    this.retention = new ChangeRetention(context, live.loggedFiles(), archiver::mayGiveUp);
    long deleteWithinMillis = options.compaction().deleteWithin().toMillis();
    this.patienceMillis = deleteWithinMillis / 2;
    long pollMillis = Math.max(MIN_POLL_MILLIS, Math.min(deleteWithinMillis / 16, MAX_POLL_MILLIS));
    this.flushWorker = new Worker("ppdb-flush", pollMillis, this::flushStep, this::failed);
    this.compactionWorker =
        new Worker("ppdb-compaction", pollMillis, this::compactionStep, this::failed);
    this.compactor = new Compactor(options, counters, context, live, compactionWorker::isStopped);
    this.backpressure =
        new Backpressure(
            options,
            counters,
            context,
            live,
            rotation,
            flushWorker::signal,
            () -> flushWorker.isDiskFull() || compactionWorker.isDiskFull());
  }

  void start() {
    flushWorker.start();
    compactionWorker.start();
    compactionWorker.signal();
  }

  /** Tells that {@link MemtableRotation} has something to do. */
  void signalFlush() {
    flushWorker.signal();
  }

  /** Lets a commit wait while too much is unflushed or uncompacted. */
  void awaitCapacity() {
    archiver.checkRoom();
    backpressure.await();
  }

  /** What was done since the store was opened, and what it consists of. */
  LsmStatistics statistics() {
    Tree tree = live.acquire().tree();
    try {
      return counters.statistics(
          tree,
          LsmStatistics.Caches.of(live.source().cache(), live.entries()),
          compactor.garbageBytes(tree),
          compactor.rateLimitNanos(),
          rotation.logGrowthCount());
    } finally {
      tree.release();
    }
  }

  /** Brings everything committed before the call into tables. */
  void flush() throws IOException {
    context.checkWritable();
    synchronized (flushLock) {
      if (closed) {
        throw LiveState.closed();
      }
      rotation.rotateNow();
      while (flushOldest()) {
        // the one just frozen is the last
      }
    }
  }

  /** Sees to it that a load can be enqueued, unless others are quicker. */
  void makeRoomForLoad() throws IOException {
    synchronized (flushLock) {
      if (closed) {
        throw LiveState.closed();
      }
      rotation.prepareNow();
      while (!rotation.hasRoomForLoad() && flushOldest()) {
        // until fewer wait
      }
    }
  }

  void compactEverything() throws IOException {
    flush();
    compactor.compactEverything();
    shortenLog();
  }

  /**
   * Gives back what the log has reserved, unless commits use it: whoever compacts everything wants
   * the space. Both the current segment and the one made beforehand may be as long as memtables are
   * large, so it takes two rotations to begin in a new file.
   */
  private void shortenLog() throws IOException {
    synchronized (flushLock) {
      segments.deleteSpares();
      for (int i = 0; i < 2 && !closed && live.peek().active().isEmpty(); i++) {
        flush();
        segments.deleteSpares();
      }
    }
  }

  /** Does what the threads would do by now. */
  void compactDue() throws IOException {
    while (flushStep()) {
      // until no memtable waits
    }
    while (compactionStep()) {
      // until the tree is well
    }
  }

  void dropRange(KeyRange range) throws IOException {
    flush();
    compactor.dropRange(range);
  }

  /**
   * Ends the threads; what they are at, or who asked for it at once, is finished or given up. No
   * file is made or deleted afterwards.
   */
  @Override
  public void close() {
    flushWorker.stop();
    compactor.hurry();
    compactionWorker.stop();
    synchronized (flushLock) {
      closed = true;
    }
    compactor.close();
  }

  private boolean flushStep() throws IOException {
    synchronized (flushLock) {
      if (closed) {
        throw LiveState.closed();
      }
      backpressure.progressed();
      if (!context.isWritable()) {
        return false; // what is on disk stays as it is
      }
      rotation.prepare();
      backpressure.progressed();
      if (rotation.hasCommitBefore(context.ticks().nextMillis() - patienceMillis)) {
        rotation.rotateNow();
      }
      rotation.rotateIfFull();
      return flushOldest();
    }
  }

  private boolean flushOldest() throws IOException {
    FrozenMemtable frozen = rotation.oldestFrozen();
    if (frozen == null) {
      return false;
    }
    rotation.awaitSynced(frozen);
    frozen.memtable().awaitAppliers();
    // Applied is not published yet; and only what is has its time in the index.
    context.awaitPublished(frozen.lastVersion());
    ManifestEdit edit = new ManifestEdit();
    live.loggedFiles().keep(frozen.walNumber(), frozen.pins());
    List<Long> givenUp = endSegment(frozen, edit);
    flusher.flush(frozen.memtable(), edit);
    // Looked up again: published is later than frozen, and only then the load is there for sure.
    FrozenMemtable complete = rotation.oldestFrozen();
    TableRun load = complete == null ? null : complete.load();
    if (load != null) {
      load.files().forEach(file -> edit.addTable(file.meta()));
    }
    live.applyFlush(edit);
    if (!frozen.memtable().isEmpty() || !edit.addedTables().isEmpty()) {
      counters.flushed(frozen.memtable().sizeInBytes(), edit.addedTables());
    }
    for (long number : givenUp) {
      segments.recycle(number);
      live.loggedFiles().giveUp(number);
    }
    backpressure.progressed();
    archiver.signal();
    compactionWorker.signal();
    return true;
  }

  /**
   * Says in {@code edit} what becomes of the segment of a memtable that is about to be in tables.
   *
   * @return the numbers of the segments that nobody needs any more then
   */
  private List<Long> endSegment(FrozenMemtable frozen, ManifestEdit edit) {
    WalRecord end = frozen.rotation();
    if (!end.hasCommits()) {
      edit.removeWal(frozen.walNumber());
      return List.of(frozen.walNumber());
    }
    KeptSegment ended =
        new KeptSegment(frozen.walNumber(), end.version(), end.timeMillis(), end.endOffset());
    return retention.keep(live.log().kept(), List.of(ended), edit);
  }

  private boolean compactionStep() throws IOException {
    boolean compacted = context.isWritable() && compactor.compactOnce();
    backpressure.progressed();
    return compacted;
  }

  private void failed(Throwable e) {
    context.makeReadOnly(
        e instanceof PpdbException known
            ? known
            : new PpdbException(ErrorCode.IO_ERROR, "background work failed: " + e, e));
    backpressure.progressed();
  }
}
