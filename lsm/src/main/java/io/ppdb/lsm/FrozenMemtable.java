package io.ppdb.lsm;

import io.ppdb.kv.engine.Memtable;
import io.ppdb.lsm.blob.BlobPins;
import io.ppdb.lsm.tree.TableRun;
import io.ppdb.lsm.wal.WalRecord;
import org.jspecify.annotations.Nullable;

/**
 * A memtable that takes no more commits and waits to be flushed, and a load that lies above it.
 *
 * @param memtable the entries; commits under way may still be inserting theirs
 * @param pins keeps the blob files that the entries, and the segment, have handles to
 * @param walNumber the segment that has the same commits
 * @param lastVersion no version above it is among them, and none up to it will be
 * @param rotation through when that segment is synced to its end
 * @param load the tables of a load that ended the segment, at {@code lastVersion}; null if there is
 *     none, or it is not durable yet. The tree holds them
 */
record FrozenMemtable(
    Memtable memtable,
    BlobPins pins,
    long walNumber,
    long lastVersion,
    WalRecord rotation,
    @Nullable TableRun load) {

  FrozenMemtable withLoad(TableRun newLoad) {
    return new FrozenMemtable(memtable, pins, walNumber, lastVersion, rotation, newLoad);
  }
}
