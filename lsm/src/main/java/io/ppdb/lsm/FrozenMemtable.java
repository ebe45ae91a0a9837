package io.ppdb.lsm;

import io.ppdb.kv.engine.Memtable;
import io.ppdb.lsm.blob.BlobPins;
import io.ppdb.lsm.wal.WalRecord;

/**
 * A memtable that takes no more commits and waits to be flushed.
 *
 * @param memtable the entries; commits under way may still be inserting theirs
 * @param pins keeps the blob files that the entries, and the segment, have handles to
 * @param walNumber the segment that has the same commits
 * @param lastVersion no version above it is among them, and none up to it will be
 * @param rotation through when that segment is synced to its end
 */
record FrozenMemtable(
    Memtable memtable, BlobPins pins, long walNumber, long lastVersion, WalRecord rotation) {}
