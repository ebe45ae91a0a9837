package io.ppdb.lsm;

import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.PpdbException;
import io.ppdb.kv.engine.Memtable;
import io.ppdb.kv.engine.TimeIndex;
import io.ppdb.lsm.blob.BlobPins;
import io.ppdb.lsm.manifest.CommitTimes;
import io.ppdb.lsm.manifest.LogFiles;
import io.ppdb.lsm.manifest.Manifest;
import io.ppdb.lsm.manifest.ManifestEdit;
import io.ppdb.lsm.manifest.TableMeta;
import io.ppdb.lsm.tree.TableSource;
import io.ppdb.lsm.tree.Tree;
import io.ppdb.lsm.vfs.DiskFullException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
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
  private final TableSource source;
  private final LogBlobs logBlobs;
  private final Object manifestLock = new Object();
  private final long manifestGrowthBytes;
  private final AtomicLong nextFileNumber;

  /** Guarded by manifestLock. */
  private Manifest manifest;

  /** The segments of the log; written under manifestLock. */
  private volatile LogFiles log;

  /** Null when closed. */
  private volatile @Nullable ReadState state;

  /**
   * What {@code manifest} says.
   *
   * @param manifestGrowthBytes what its edits may take before a new one is begun
   */
  LiveState(Manifest manifest, TableSource source, long manifestGrowthBytes) {
    this.manifest = manifest;
    this.manifestGrowthBytes = manifestGrowthBytes;
    this.log = manifest.state().log();
    this.source = source;
    this.logBlobs = new LogBlobs(source.vfs(), source.blobs());
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

  /** The blob files of segments that are kept for changes. */
  LogBlobs logBlobs() {
    return logBlobs;
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
   * Makes an edit durable, and then the tables that it adds and removes visible. If the disk is
   * full nothing has changed, and the files of the tables are gone.
   */
  void apply(ManifestEdit edit) throws IOException {
    apply(edit, false);
  }

  /** As {@link #apply}; the oldest frozen memtable goes, since its entries are in the edit. */
  void applyFlush(ManifestEdit edit) throws IOException {
    apply(edit, true);
  }

  private void apply(ManifestEdit edit, boolean flushed) throws IOException {
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
      synchronized (this) {
        now = peek();
        old = now.tree();
        Tree next = sameTree ? old : old.after(edit, source);
        state = flushed ? now.flushed(next) : now.withTree(next);
      }
      if (flushed) {
        // The new tables use the blob files now, and the segment of the log is in no manifest.
        now.frozen().get(now.frozen().size() - 1).pins().release();
      }
      if (!sameTree) {
        old.release();
      }
    }
  }

  /**
   * What {@code index} knows and the manifest does not yet; for who makes the next edit of times.
   */
  List<CommitTimes> timesToAdd(TimeIndex index) {
    synchronized (manifestLock) {
      return CommitTimes.after(manifest.state().timesThrough(), index);
    }
  }

  /** Deletes the files of the tables that were written for an edit which is not to be. */
  void discard(ManifestEdit edit) {
    for (TableMeta table : edit.addedTables()) {
      if (!edit.removedTables().contains(table.number())) {
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
