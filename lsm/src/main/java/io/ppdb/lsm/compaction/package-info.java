/**
 * Which tables to merge, and making tables out of memtables and of other tables.
 *
 * <p>{@link io.ppdb.lsm.compaction.CompactionPicker} says what to do next: for the tree's shape
 * ({@code LeveledShape}, {@code TieredShape}) or for garbage ({@code GarbagePicker}, {@code
 * CoveredTables}). {@link io.ppdb.lsm.compaction.CutKeys} and {@link io.ppdb.lsm.compaction.Pieces}
 * let parts of it run at the same time; {@link io.ppdb.lsm.compaction.TableBuilder} writes the
 * tables, at the rate of a {@link io.ppdb.lsm.compaction.RateLimiter}; {@link
 * io.ppdb.kv.engine.Retention} leaves out what no view can see, and a {@link
 * io.ppdb.lsm.compaction.CompactionFilter} what users give up. The design: {@code
 * docs/design/compaction.md}.
 *
 * <p>Depends on the table and tree packages. Used by the storage, which makes the result part of
 * the manifest. What does not belong here: when to run, and what takes effect.
 */
@NullMarked
package io.ppdb.lsm.compaction;

import org.jspecify.annotations.NullMarked;
