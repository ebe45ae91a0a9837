/**
 * Sorted string tables: immutable files of entries in the order of {@link
 * io.ppdb.kv.engine.EntryCursor}.
 *
 * <p>{@link io.ppdb.lsm.table.SsTableWriter} makes one, {@link io.ppdb.lsm.table.SsTable} reads it,
 * {@link io.ppdb.lsm.table.BlockCache} keeps blocks decompressed. The format is byte-exact in
 * {@code docs/format/sstable.md}:
 *
 * <pre>
 * header | data block … | filter | index | properties | footer
 * </pre>
 *
 * <p>Depends on the vfs and format packages and on the entry order of kv-core. Used by flushes,
 * compactions and reads. What does not belong here: levels, which table is asked first, when a
 * table is deleted.
 */
@NullMarked
package io.ppdb.lsm.table;

import org.jspecify.annotations.NullMarked;
