/**
 * The write-ahead log: every commit is a record in a segment before it is acknowledged.
 *
 * <p>{@link io.ppdb.lsm.wal.Wal} groups records, writes and syncs them; {@link
 * io.ppdb.lsm.wal.WalReader} reads a segment again after a crash and tells a torn tail from damage;
 * {@link io.ppdb.lsm.wal.WalSegments} makes and recycles segment files. The format is byte-exact in
 * {@code docs/format/wal.md}.
 *
 * <p>Depends on the vfs and format packages and on the entries of kv-core. Used by the storage.
 * What does not belong here: memtables, and which segments are still needed.
 */
@NullMarked
package io.ppdb.lsm.wal;

import org.jspecify.annotations.NullMarked;
