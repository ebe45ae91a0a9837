/**
 * An ordered map of byte-string keys whose nodes and bytes lie in arenas, and a hash index beside
 * it.
 *
 * <p>{@link io.ppdb.kv.skiplist.LongArena} and {@link io.ppdb.kv.skiplist.ByteArena} hand out
 * memory that is never freed piece by piece: a million entries are a few thousand arrays to the
 * garbage collector. {@link io.ppdb.kv.skiplist.Skiplist} keeps the order, {@link
 * io.ppdb.kv.skiplist.KeyIndex} finds a node by its key in one or two steps. What a node leads to
 * (its <em>payload</em>, one {@code int}) is its user's: the memtable hangs the versions of the key
 * there.
 *
 * <p>Depends on the JDK only. Versions, entries and visibility do not belong here.
 */
@NullMarked
package io.ppdb.kv.skiplist;

import org.jspecify.annotations.NullMarked;
