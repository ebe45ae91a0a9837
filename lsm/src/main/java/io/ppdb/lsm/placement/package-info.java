/**
 * What is kept of the tree key by key, for ranges whose placement asks for it.
 *
 * <p>{@link io.ppdb.lsm.placement.EntryCache} has for a key what the tables, not the memtables, say
 * of it, and is told of every change of the tables that brings news of keys. Why it never shows
 * what is not so any more: {@code docs/design/policies.md}.
 *
 * <p>Depends on the entries of kv-core. Used by the storage. What does not belong here: blocks,
 * which the table package keeps, and which ranges are placed where.
 */
@NullMarked
package io.ppdb.lsm.placement;

import org.jspecify.annotations.NullMarked;
