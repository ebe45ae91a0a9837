package io.ppdb.lsm;

import io.ppdb.kv.Durability;
import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.PpdbException;
import io.ppdb.kv.engine.Commit;
import io.ppdb.kv.engine.Memtable;
import io.ppdb.lsm.manifest.LoggedTables;
import io.ppdb.lsm.tree.TableFile;
import io.ppdb.lsm.wal.WalRecord;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How loads are committed: by a record that names their tables and ends a segment of the log, and
 * then by putting the tables above the memtable that was frozen with it.
 *
 * <p>The tables can be read from when the record is as durable as was asked for, and before the
 * commit is published; they enter the manifest with the flush of that memtable, which waits for
 * both. Thread-safe.
 */
final class Loads {
  private final LiveState live;
  private final MemtableRotation rotation;

  Loads(LiveState live, MemtableRotation rotation) {
    this.live = live;
    this.rotation = rotation;
  }

  /** A load whose record is encoded. */
  private record Prepared(WalRecord record, LsmLoad load) {}

  /** A load whose record is in the queue of the log. */
  private record Queued(WalRecord record, LsmLoad load, MemtableRotation.LoadPlace place) {}

  void prepare(Commit commit, LsmLoad load) {
    if (commit.entries().length > 0) {
      throw new IllegalStateException("a load with entries that are not in its tables");
    }
    WalRecord record =
        WalRecord.load(
            commit.origin(),
            commit.deletedRanges(),
            LoggedTables.encode(load.tables()),
            commit.durability() == Durability.SYNC);
    commit.attach(new Prepared(record, load));
  }

  /** As {@link io.ppdb.kv.engine.Storage#enqueue}. */
  @Nullable Memtable enqueue(Commit commit) {
    if (!(commit.attachment() instanceof Prepared prepared)) {
      throw new IllegalStateException("load was not prepared");
    }
    MemtableRotation.LoadPlace place = rotation.enqueueLoad(commit, prepared.record);
    if (place == null) {
      return null;
    }
    prepared.load.hasEntered();
    commit.attach(new Queued(prepared.record, prepared.load, place));
    return place.memtable();
  }

  /** As {@link io.ppdb.kv.engine.Storage#awaitDurable}; then the load can be read. */
  void awaitDurable(Commit commit) {
    if (!(commit.attachment() instanceof Queued queued)) {
      throw new IllegalStateException("load was not queued");
    }
    try {
      rotation.await(queued.record);
      List<TableFile> tables = queued.load.open(commit.version());
      live.addLoad(queued.place.walNumber(), tables);
      live.loggedFiles().keep(queued.place.walNumber(), tables);
    } catch (PpdbException e) {
      if (e.code() == ErrorCode.DISK_FULL || e.code() == ErrorCode.UNAVAILABLE) {
        queued.load.delete();
      }
      throw e;
    } finally {
      queued.place.memtable().applied(0);
    }
  }
}
