package io.ppdb.lsm;

import io.ppdb.kv.ChangeCursor;
import io.ppdb.kv.Durability;
import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.KeyRange;
import io.ppdb.kv.PpdbException;
import io.ppdb.kv.RangePolicy;
import io.ppdb.kv.RangeStatistics;
import io.ppdb.kv.Slice;
import io.ppdb.kv.StoreProperties;
import io.ppdb.kv.ValueLease;
import io.ppdb.kv.engine.Commit;
import io.ppdb.kv.engine.EngineContext;
import io.ppdb.kv.engine.EntryCursor;
import io.ppdb.kv.engine.LoadWriter;
import io.ppdb.kv.engine.Memtable;
import io.ppdb.kv.engine.MergingEntryCursor;
import io.ppdb.kv.engine.PointLookup;
import io.ppdb.kv.engine.ScratchFile;
import io.ppdb.kv.engine.Storage;
import io.ppdb.lsm.blob.BlobAppender;
import io.ppdb.lsm.blob.BlobBatch;
import io.ppdb.lsm.blob.BlobFile;
import io.ppdb.lsm.blob.BlobFiles;
import io.ppdb.lsm.blob.BlobHandle;
import io.ppdb.lsm.blob.BlobPins;
import io.ppdb.lsm.manifest.ManifestEdit;
import io.ppdb.lsm.table.BlockCache;
import io.ppdb.lsm.table.KeyHash;
import io.ppdb.lsm.tree.TableFile;
import io.ppdb.lsm.tree.TableRun;
import io.ppdb.lsm.vfs.DiskFullException;
import io.ppdb.lsm.vfs.VfsLock;
import io.ppdb.lsm.wal.WalRecord;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Memtables over a tree of tables, behind a log.
 *
 * <p>Reads ask the active memtable, the frozen ones, then the tree, newest first. Commits go to the
 * log and to the active memtable; {@link MemtableRotation} says which that is. {@link Maintenance}
 * flushes memtables and compacts tables.
 */
final class LsmStorage implements Storage {
  private static final StoreProperties PROPERTIES =
      new StoreProperties(LsmEngine.NAME, true, true, true, true, true);

  /**
   * A record of the log has its length in 31 bits, and a commit is on the heap three times. Of a
   * transaction that spills it is room for some three million keys.
   */
  private static final long MAX_TRANSACTION_BYTES = 512L << 20;

  private final LsmOptions options;
  private final EngineContext context;
  private final VfsLock lock;
  private final LiveState live;
  private final MemtableRotation rotation;
  private final Maintenance maintenance;
  private final Residency residency;
  private final LogArchiver archiver;
  private final TieredReads tieredReads;
  private final BlobFiles blobs;
  private final BlobAppender blobAppender;
  private final LargeValues largeValues;
  private final Loads loads;
  private final SpillFiles spillFiles;
  private final RangeEstimates estimates;

  LsmStorage(
      LsmOptions options,
      EngineContext context,
      VfsLock lock,
      LiveState live,
      MemtableRotation rotation,
      Maintenance maintenance,
      Residency residency,
      LogArchiver archiver) {
    this.options = options;
    this.context = context;
    this.lock = lock;
    this.live = live;
    this.rotation = rotation;
    this.maintenance = maintenance;
    this.residency = residency;
    this.archiver = archiver;
    this.tieredReads = new TieredReads(context, live.entries(), residency);
    this.blobs = live.source().blobs();
    this.blobAppender = new BlobAppender(blobs, live::newFileNumber, options.blobs().fileBytes());
    this.largeValues = new LargeValues(context, blobAppender, options.blobs().thresholdBytes());
    this.loads = new Loads(live, rotation);
    this.spillFiles = new SpillFiles(options, live);
    this.estimates = new RangeEstimates(context, live, this::cursor);
  }

  @Override
  public StoreProperties properties() {
    return PROPERTIES;
  }

  @Override
  public void find(byte[] key, long version, PointLookup lookup) {
    BlobFile file = findBlob(key, version, lookup);
    if (file != null) {
      resolve(lookup, file);
    }
  }

  @Override
  public @Nullable ValueLease lease(byte[] key, long version, PointLookup lookup) {
    BlobFile file = findBlob(key, version, lookup);
    if (file != null && lookup.isHandleAlone()) {
      return lease(lookup, file);
    }
    if (file != null) {
      resolve(lookup, file);
    }
    return ValueLease.ofNullable(lookup.value());
  }

  /** Takes over one use of {@code file}. */
  private ValueLease lease(PointLookup lookup, BlobFile file) {
    boolean leased = false;
    try {
      ValueLease lease = new ValueLease(file.view(handle(lookup)), file::release);
      leased = true;
      return lease;
    } catch (IOException e) {
      throw cannotRead(e);
    } finally {
      if (!leased) {
        file.release();
      }
    }
  }

  /** Takes over one use of {@code file}. */
  private void resolve(PointLookup lookup, BlobFile file) {
    try {
      lookup.resolve(file.read(handle(lookup)));
    } catch (IOException e) {
      throw cannotRead(e);
    } finally {
      file.release();
    }
  }

  private BlobHandle handle(PointLookup lookup) {
    byte[] encoded = lookup.handle();
    if (encoded == null) {
      throw new IllegalStateException("the lookup has no handle");
    }
    return BlobHandle.decode(new Slice(encoded), blobs.directory());
  }

  /**
   * Offers the entries of {@code key}.
   *
   * @return a use of the blob file that the lookup's handle names; null if it has none
   */
  private @Nullable BlobFile findBlob(byte[] key, long version, PointLookup lookup) {
    byte[] missed = null;
    while (true) {
      offerEntries(key, version, lookup);
      byte[] encoded = lookup.handle();
      if (encoded == null) {
        return null;
      }
      BlobHandle handle = handle(lookup);
      BlobFile file = blobs.tryRetain(handle.fileNumber());
      if (file != null) {
        return file;
      }
      if (Arrays.equals(encoded, missed)) {
        throw blobs.missing(handle);
      }
      // A memtable was read that is in tables since, and the value was moved to another file.
      missed = encoded;
      lookup.restart();
    }
  }

  private void offerEntries(byte[] key, long version, PointLookup lookup) {
    long epoch = tieredReads.epoch();
    ReadState state = live.acquire();
    try {
      // What is asked later has older versions, all of them: a range tombstone decides as well.
      if (state.active().find(key, version, lookup) || lookup.isCovered()) {
        return;
      }
      for (FrozenMemtable frozen : state.frozen()) {
        TableRun load = frozen.load();
        if ((load != null && load.find(key, KeyHash.of(key), version, lookup))
            || frozen.memtable().find(key, version, lookup)
            || lookup.isCovered()) {
          return;
        }
      }
      tieredReads.find(state.tree(), epoch, key, version, lookup);
    } catch (IOException e) {
      throw cannotRead(e);
    } finally {
      state.tree().release();
    }
  }

  @Override
  public EntryCursor cursor(KeyRange range) {
    ReadState state = live.acquire();
    List<BlobPins> pins = retainPins(state);
    while (pins == null) {
      // A memtable of this state is in tables since, which a later state has.
      state.tree().release();
      state = live.acquire();
      pins = retainPins(state);
    }
    boolean opened = false;
    try {
      List<EntryCursor> cursors = new ArrayList<>();
      cursors.add(state.active().cursor());
      for (FrozenMemtable frozen : state.frozen()) {
        TableRun load = frozen.load();
        if (load != null) {
          load.addCursor(range, cursors);
        }
        cursors.add(frozen.memtable().cursor());
      }
      state.tree().addCursors(range, cursors);
      EntryCursor cursor =
          new TreeCursor(MergingEntryCursor.of(cursors), state.tree(), pins, blobs);
      opened = true;
      return cursor;
    } catch (IOException e) {
      throw cannotRead(e);
    } finally {
      if (!opened) {
        pins.forEach(BlobPins::release);
        state.tree().release();
      }
    }
  }

  /** A use of what the memtables of {@code state} pin; null if one of them is gone. */
  private static @Nullable List<BlobPins> retainPins(ReadState state) {
    List<BlobPins> candidates = new ArrayList<>();
    addUsed(state.activePins(), candidates);
    state.frozen().forEach(frozen -> addUsed(frozen.pins(), candidates));
    for (int i = 0; i < candidates.size(); i++) {
      if (!candidates.get(i).tryRetain()) {
        candidates.subList(0, i).forEach(BlobPins::release);
        return null;
      }
    }
    return candidates;
  }

  private static void addUsed(BlobPins pins, List<BlobPins> candidates) {
    if (!pins.isEmpty()) {
      candidates.add(pins);
    }
  }

  @Override
  public long maxTransactionBytes() {
    return MAX_TRANSACTION_BYTES;
  }

  @Override
  public long maxLoadBytesInMemory() {
    return Math.min(options.maxLoadBytesInMemory(), MAX_TRANSACTION_BYTES);
  }

  @Override
  public long maxTransactionBytesInMemory() {
    return Math.min(options.maxTransactionBytesInMemory(), MAX_TRANSACTION_BYTES);
  }

  @Override
  public ScratchFile newScratch() {
    return spillFiles.create();
  }

  @Override
  public LoadWriter newLoad() {
    context.checkWritable();
    return new LsmLoad(options, context, live, largeValues);
  }

  @Override
  public void prepare(Commit commit) {
    maintenance.awaitCapacity();
    if (commit.isEmpty()) {
      return;
    }
    if (commit.load() instanceof LsmLoad load) {
      loads.prepare(commit, load);
      return;
    }
    boolean sync = commit.durability() == Durability.SYNC;
    BlobBatch batch = largeValues.store(commit);
    WalRecord record =
        WalRecord.commit(commit.origin(), commit.deletedRanges(), commit.storedEntries(), sync);
    commit.attach(new Prepared(record, batch));
  }

  @Override
  public void abandoned(Commit commit) {
    if (commit.attachment() instanceof Prepared prepared && prepared.blobs != null) {
      prepared.blobs.abandon();
    }
  }

  @Override
  public @Nullable Memtable enqueue(Commit commit) {
    if (commit.load() != null) {
      return loads.enqueue(commit);
    }
    if (!(commit.attachment() instanceof Prepared prepared)) {
      throw new IllegalStateException("commit was not prepared");
    }
    Memtable memtable = rotation.enqueue(commit, prepared.record, prepared.blobs);
    commit.attach(new Queued(prepared.record, memtable));
    return memtable;
  }

  @Override
  public void makeRoom() {
    change("make room for a bulk load", maintenance::makeRoomForLoad);
  }

  @Override
  public void useVersion(long version) {
    rotation.useVersion(version);
  }

  @Override
  public void awaitDurable(Commit commit) {
    if (commit.load() != null) {
      loads.awaitDurable(commit);
      return;
    }
    if (!(commit.attachment() instanceof Queued queued)) {
      throw new IllegalStateException("commit was not queued");
    }
    try {
      rotation.await(queued.record);
    } finally {
      queued.memtable.applied(0);
    }
  }

  /** A commit's record, and what keeps the blob files that it names. */
  private record Prepared(WalRecord record, @Nullable BlobBatch blobs) {}

  /** A commit whose record is in the log's queue, and the memtable that is held for it. */
  private record Queued(WalRecord record, Memtable memtable) {}

  @Override
  public void setPolicy(KeyRange range, RangePolicy wanted) {
    if (range.isEmpty()) {
      return;
    }
    RangePolicy policy = wanted.withEviction(RangePolicy.Eviction.NONE);
    change(
        "set a policy",
        () -> {
          // What the policies so far have ended stays ended, whatever the new one asks for.
          live.apply(new ManifestEdit().horizons(context.horizons()).policy(range, policy));
          context.policies().set(range, policy);
          residency.policiesChanged();
        });
  }

  @Override
  public void dropRange(KeyRange range) {
    if (!range.isEmpty()) {
      change("drop a range", () -> maintenance.dropRange(range));
    }
  }

  @Override
  public boolean hasLog() {
    return true;
  }

  @Override
  public ChangeCursor changes(long fromVersion) {
    return new LogFeed(
        context, live, rotation, options.vfs(), live.source().directory(), fromVersion);
  }

  @Override
  public void checkpoint(Path directory) {
    try {
      Checkpoint.checkDirectory(
          options.vfs(), "a checkpoint", directory, live.source().directory());
      flush();
      LiveState.Flushed flushed = live.acquireFlushed();
      try {
        // What commits from now on goes to a blob file that the checkpoint does not share.
        blobAppender.seal();
        Checkpoint.write(options.vfs(), live.source().directory(), directory, flushed, context);
      } finally {
        flushed.tree().release();
      }
    } catch (IOException e) {
      ErrorCode code = e instanceof DiskFullException ? ErrorCode.DISK_FULL : ErrorCode.IO_ERROR;
      throw new PpdbException(
          code, "cannot write a checkpoint to " + directory + ": " + e.getMessage(), e);
    }
  }

  @Override
  public RangeStatistics statistics(KeyRange range) {
    try {
      return estimates.of(range);
    } catch (IOException e) {
      throw cannotRead(e);
    }
  }

  /** Brings everything committed so far into tables. */
  void flush() {
    change("flush", maintenance::flush);
  }

  /** Flushes, and merges all tables into the deepest level. */
  void compact() {
    change("compact", maintenance::compactEverything);
  }

  /** What was done since the store was opened, and what it consists of. */
  LsmStatistics statistics() {
    return maintenance.statistics();
  }

  /** Flushes and compacts as far as it is due. */
  void compactDue() {
    change("compact", maintenance::compactDue);
  }

  /** Reads every block of every table; fails with CORRUPTION. */
  void verify() {
    ReadState state = live.acquire();
    try {
      for (TableFile file : state.tree().allTables()) {
        file.verify();
      }
    } catch (IOException e) {
      throw cannotRead(e);
    } finally {
      state.tree().release();
    }
  }

  /** What is kept in memory to be read faster. */
  CachedBytes cachedBytes() {
    BlockCache blocks = live.source().cache();
    return new CachedBytes(
        blocks.usedBytes(),
        blocks.directoryBytes(),
        blocks.pinnedBytes(),
        live.entries().usedBytes(),
        residency.isOverLimit());
  }

  @Override
  public void close() {
    try {
      spillFiles.close();
      residency.close();
      archiver.stop();
      maintenance.close();
      try {
        closeLogAndTree();
      } finally {
        lock.close();
      }
    } catch (IOException e) {
      ErrorCode code = e instanceof DiskFullException ? ErrorCode.DISK_FULL : ErrorCode.IO_ERROR;
      throw new PpdbException(code, "cannot close the store: " + e.getMessage(), e);
    }
  }

  private void closeLogAndTree() throws IOException {
    ManifestEdit lastEdit = null;
    boolean logIsWhole = false;
    try {
      ManifestEdit edit = rotation.close();
      logIsWhole = edit != null;
      if (logIsWhole) {
        archiver.archiveRest();
      }
      if (edit != null && context.isWritable()) {
        edit.times(live.timesToAdd(context.times())).horizons(context.horizons());
        lastEdit = edit;
      }
    } finally {
      try {
        blobs.close();
        blobAppender.close();
      } finally {
        live.close(lastEdit);
      }
    }
    if (!logIsWhole) {
      throw new IOException("the log has failed, and commits that were not synced may be lost");
    }
  }

  private interface Change {
    void run() throws IOException;
  }

  /** Runs something that changes files; a failure other than a full disk stops all writing. */
  private void change(String what, Change change) {
    try {
      change.run();
    } catch (DiskFullException e) {
      throw new PpdbException(ErrorCode.DISK_FULL, "cannot " + what + ": " + e.getMessage(), e);
    } catch (IOException e) {
      PpdbException failure =
          new PpdbException(ErrorCode.IO_ERROR, "cannot " + what + ": " + e.getMessage(), e);
      context.makeReadOnly(failure);
      throw failure;
    }
  }

  private static PpdbException cannotRead(IOException e) {
    return new PpdbException(ErrorCode.IO_ERROR, "cannot read: " + e.getMessage(), e);
  }
}
