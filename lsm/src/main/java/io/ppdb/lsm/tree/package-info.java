/**
 * The shape of the store at one moment: which tables are in which level.
 *
 * <p>A {@link io.ppdb.lsm.tree.Tree} never changes; a flush or a compaction makes a new one. Trees
 * and tables count those who use them, so that a file goes only when nobody can read it any more.
 *
 * <p>Depends on the vfs, table and manifest packages. Used by compaction and by the storage. What
 * does not belong here: memtables, and deciding what to compact.
 */
@NullMarked
package io.ppdb.lsm.tree;

import org.jspecify.annotations.NullMarked;
