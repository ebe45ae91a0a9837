/**
 * Making tables out of memtables and of other tables.
 *
 * <p>{@link io.ppdb.lsm.compaction.CompactionPicker} says what to do next, {@link
 * io.ppdb.lsm.compaction.TableBuilder} writes the tables, {@link io.ppdb.kv.engine.Retention}
 * leaves out what no view can see.
 *
 * <p>Depends on the table and tree packages. Used by the storage, which makes the result part of
 * the manifest. What does not belong here: threads, and when to run.
 */
@NullMarked
package io.ppdb.lsm.compaction;

import org.jspecify.annotations.NullMarked;
