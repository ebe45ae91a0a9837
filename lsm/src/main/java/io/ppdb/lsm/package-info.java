/**
 * The durable engine: a log-structured merge tree behind the key-value contract.
 *
 * <pre>
 *   commit ──> wal (a record in a segment) ──> active memtable
 *                                                   │ full: frozen, with its segment
 *                                                   v
 *   manifest <── edit ── flush ──────────────> level 0 (tables may overlap)
 *   manifest <── edit ── compaction ─────────> level 1 … 6 (sorted, disjoint)
 *
 *   read: active memtable, frozen memtables, level 0 newest first, level 1 … 6
 * </pre>
 *
 * <p>Start at {@link io.ppdb.lsm.LsmStore#open}. {@code LsmStorage} is what kv-core's commit
 * pipeline stands on; {@code MemtableRotation} says where commits go, {@code LiveState} what reads
 * see, {@code Maintenance} flushes and compacts, {@code Recovery} finds out what a directory holds.
 * Formats are byte-exact in {@code docs/format}.
 *
 * <p><b>Order of locks</b>, outermost first: the pipeline's commit lock or {@code
 * Maintenance.flushLock}; {@code Compactor}; {@code MemtableRotation}; {@code
 * LiveState.manifestLock}; {@code LiveState}; the queue of {@code Wal}. Nothing inside the commit
 * lock waits for I/O.
 *
 * <p>Depends on kv-core. Used through {@link io.ppdb.kv.KeyValueEngine} as {@code lsm}. What does
 * not belong here: validation of claims, views, transactions (all in {@code io.ppdb.kv.engine}).
 */
@NullMarked
package io.ppdb.lsm;

import org.jspecify.annotations.NullMarked;
