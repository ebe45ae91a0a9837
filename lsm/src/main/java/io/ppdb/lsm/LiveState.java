package io.ppdb.lsm;

import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.KeyRange;
import io.ppdb.kv.PpdbException;
import io.ppdb.kv.engine.EntryCursor;
import io.ppdb.kv.engine.Memtable;
import io.ppdb.kv.engine.RangeTombstones;
import io.ppdb.kv.engine.TimeIndex;
import io.ppdb.lsm.blob.BlobPins;
import io.ppdb.lsm.manifest.CommitTimes;
import io.ppdb.lsm.manifest.LogFiles;
import io.ppdb.lsm.manifest.LogPosition;
import io.ppdb.lsm.manifest.Manifest;
import io.ppdb.lsm.manifest.ManifestEdit;
import io.ppdb.lsm.manifest.TableMeta;
import io.ppdb.lsm.placement.EntryCache;
import io.ppdb.lsm.table.KeyHash;
import io.ppdb.lsm.tree.TableFile;
import io.ppdb.lsm.tree.TableRun;
import io.ppdb.lsm.tree.TableSource;
import io.ppdb.lsm.tree.Tree;
import io.ppdb.lsm.vfs.DiskFullException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The read state in force and the manifest behind it: the only place where either changes.
 *
 * <pre>
 * field        | read      | write     | guard
 * state        | volatile  | volatile  | monitor of this (never held during I/O)
 * manifest     | plain     | plain     | manifestLock (held during the sync of an edit)
 * log          | volatile  | volatile  | manifestLock (writes)
 * </pre>
 */
final class LiveState {
  private static final KeyRange NO_RANGE = KeyRange.of(new byte[0], new byte[0]);

  private final TableSource source;
  private final EntryCache entries;
  private final LoggedFiles loggedFiles;
  private final Object manifestLock = new Object();
  private final long manifestGrowthBytes;
  private final AtomicLong nextFileNumber;
  private final UUID logId;

  /** Guarded by manifestLock. */
  private Manifest manifest;

  /** The segments of the log; written under manifestLock. */
  private volatile LogFiles log;

  /** Null when closed. */
  private volatile @Nullable ReadState state;

  /** Told when the tree has changed; set once. */
  private volatile Runnable onTreeChange = () -> {};

  /**
   * What {@code manifest} says.
   *
   * @param entries what is kept of the tree key by key
   * @param manifestGrowthBytes what its edits may take before a new one is begun
   */
  LiveState(Manifest manifest, TableSource source, EntryCache entries, long manifestGrowthBytes) {
    this.manifest = manifest;
    this.entries = entries;
    this.manifestGrowthBytes = manifestGrowthBytes;
    this.log = manifest.state().log();
    this.logId = Objects.requireNonNull(manifest.state().logId(), "a manifest begun by recovery");
    this.source = source;
    this.loggedFiles = new LoggedFiles(source);
    this.nextFileNumber = new AtomicLong(manifest.state().nextFileNumber());
    this.state =
        new ReadState(
            new Memtable(), new BlobPins(), List.of(), Tree.of(manifest.state().tables(), source));
  }

  long newFileNumber() {
    return nextFileNumber.getAndIncrement();
  }

  TableSource source() {
    return source;
  }

  /** What segments of the log refer to. */
  LoggedFiles loggedFiles() {
    return loggedFiles;
  }

  /** What is kept of the tree key by key. */
  EntryCache entries() {
    return entries;
  }

  /** Who is told when the tree has changed, after each change. */
  void onTreeChange(Runnable newOnTreeChange) {
    onTreeChange = newOnTreeChange;
  }

  /** The state without a use of its tree: for looking at, not for reading tables. */
  ReadState peek() {
    ReadState now = state;
    if (now == null) {
      throw closed();
    }
    return now;
  }

  /** The segments of the log; CLOSED after close. */
  LogFiles log() {
    peek();
    return log;
  }

  /** Which log the commits are in. */
  UUID logId() {
    return logId;
  }

  /** The tree with one use, which the caller releases, and what is in it; CLOSED after close. */
  Flushed acquireFlushed() {
    synchronized (manifestLock) { // else another memtable may be flushed between the two
      return new Flushed(acquire().tree(), new LogPosition(logId, log.flushedThrough()));
    }
  }

  /**
   * All commits up to one.
   *
   * @param tree with one use
   * @param position behind the last commit in it
   */
  record Flushed(Tree tree, LogPosition position) {}

  /** The state with one use of its tree, which the caller releases; CLOSED after close. */
  ReadState acquire() {
    while (true) {
      ReadState now = peek();
      if (now.tree().tryRetain()) {
        return now;
      }
    }
  }

  /** Puts a new memtable in the place of the active one. */
  synchronized void rotate(FrozenMemtable frozen) {
    state = peek().rotated(frozen.memtable().next(), frozen);
  }

  /**
   * Lets reads see the tables of a load that is durable, above the memtable of segment {@code
   * walNumber}, which is frozen. It is not flushed before the load is published.
   */
  void addLoad(long walNumber, List<TableFile> tables) {
    Tree old;
    synchronized (this) {
      ReadState now = peek();
      old = now.tree();
      state = now.loaded(walNumber, new TableRun(tables), old.holding(tables));
    }
    old.release();
  }

  /** Holds the tables of loads that the next edit adds; when the store is opened. */
  void hold(List<TableFile> tables) {
    Tree old;
    synchronized (this) {
      ReadState now = peek();
      old = now.tree();
      state = now.withTree(old.holding(tables));
    }
    old.release();
  }

  /**
   * Makes an edit durable, and then the tables that it adds and removes visible. If the disk is
   * full nothing has changed, and the files of the tables are gone.
   */
  void apply(ManifestEdit edit) throws IOException {
    apply(edit, false, NO_RANGE);
  }

  /** As {@link #apply}; the edit takes the entries of {@code range} away, however new they are. */
  void applyDrop(ManifestEdit edit, KeyRange range) throws IOException {
    apply(edit, false, range);
  }

  /** As {@link #apply}; the oldest frozen memtable goes, since its entries are in the edit. */
  void applyFlush(ManifestEdit edit) throws IOException {
    apply(edit, true, NO_RANGE);
  }

  private void apply(ManifestEdit edit, boolean flushed, KeyRange dropped) throws IOException {
    synchronized (manifestLock) {
      if (manifest.hasGrown(manifestGrowthBytes)) {
        manifest = manifest.next(source.vfs(), source.directory(), newFileNumber());
      }
      try {
        manifest.append(edit.nextFileNumber(nextFileNumber.get()));
      } catch (DiskFullException e) {
        discard(edit);
        throw e;
      }
      log = manifest.state().log();
      boolean sameTree = edit.addedTables().isEmpty() && edit.removedTables().isEmpty();
      Tree old;
      ReadState now;
      try (EntryCache.Change change = entries.beginChange()) {
        forgetNews(change, edit, flushed, dropped);
        synchronized (this) {
          now = peek();
          old = now.tree();
          Tree next = sameTree ? old : old.after(edit, source);
          state = flushed ? now.flushed(next) : now.withTree(next);
        }
      }
      if (flushed) {
        // The new tables use the blob files now, and the segment of the log is in no manifest.
        now.frozen().get(now.frozen().size() - 1).pins().release();
      }
      if (!sameTree) {
        old.release();
        onTreeChange.run();
      }
    }
  }

  /** Forgets the keys of which the tree after {@code edit} has news; before it is in force. */
  private void forgetNews(
      EntryCache.Change change, ManifestEdit edit, boolean flushed, KeyRange dropped) {
    if (change.isIdle()) {
      return;
    }
    if (!dropped.isEmpty()) {
      change.forget(dropped);
    }
    ReadState now = peek();
    if (flushed) {
      FrozenMemtable frozen = now.frozen().get(now.frozen().size() - 1);
      forgetKeys(change, frozen.memtable());
      if (frozen.load() != null) {
        frozen.load().files().forEach(file -> change.forget(file.bounds()));
      }
    } else {
      edit.addedTables().stream()
          .filter(table -> bringsNews(table, edit, now.tree()))
          .forEach(table -> change.forget(table.properties().bounds()));
    }
  }

  private static void forgetKeys(EntryCache.Change change, Memtable memtable) {
    try (EntryCursor cursor = memtable.cursor()) {
      for (boolean more = cursor.seekToFirst(); more; more = cursor.nextKey()) {
        byte[] key = cursor.key().toByteArray();
        change.forget(key, KeyHash.of(key));
      }
    }
    RangeTombstones tombstones = memtable.tombstones();
    if (tombstones != null) {
      tombstones.forEach((range, versions) -> change.forget(range));
    }
  }

  /**
   * Whether a table has entries that were in no table before: one that rewrites others is not newer
   * than all of them.
   */
  private static boolean bringsNews(TableMeta table, ManifestEdit edit, Tree before) {
    long newest = -1;
    for (TableFile file : before.tables()) {
      if (edit.removedTables().contains(file.meta().number())) {
        newest = Math.max(newest, file.meta().properties().maxVersion());
      }
    }
    return table.properties().maxVersion() > newest;
  }

  /**
   * What {@code index} knows and the manifest does not yet; for who makes the next edit of times.
   */
  List<CommitTimes> timesToAdd(TimeIndex index) {
    synchronized (manifestLock) {
      return CommitTimes.after(manifest.state().timesThrough(), index);
    }
  }

  /**
   * Deletes the files of the tables that were written for an edit which is not to be. Those of
   * loads were not: they are read already.
   */
  void discard(ManifestEdit edit) {
    for (TableMeta table : edit.addedTables()) {
      if (table.globalVersion() == 0 && !edit.removedTables().contains(table.number())) {
        Path path = source.directory().resolve(table.fileName());
        try {
          source.vfs().delete(path);
        } catch (IOException e) {
          // Untidy, not harmful: opening the store deletes what the manifest does not name.
          System.getLogger(LiveState.class.getName())
              .log(System.Logger.Level.DEBUG, "cannot delete " + path, e);
        }
      }
    }
  }

  /** Writes the last edit and lets go of all tables; reads under way finish. */
  void close(@Nullable ManifestEdit lastEdit) throws IOException {
    synchronized (manifestLock) {
      try {
        if (lastEdit != null) {
          manifest.append(lastEdit.nextFileNumber(nextFileNumber.get()));
        }
      } finally {
        manifest.close();
        ReadState last;
        synchronized (this) {
          last = peek();
          state = null;
        }
        loggedFiles.close();
        last.activePins().release();
        last.frozen().forEach(frozen -> frozen.pins().release());
        last.tree().release();
      }
    }
  }

  static PpdbException closed() {
    return new PpdbException(ErrorCode.CLOSED, "the store is closed");
  }
}
