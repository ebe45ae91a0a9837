/**
 * The memory engine: a store that lives as long as its process.
 *
 * <p>The sharded memtable ({@code ShardMap}) spreads keys over memtables; {@code Shards} changes
 * one map for another, which is how garbage, expired entries and dropped ranges go, and how shards
 * are split, joined, added and taken away; {@code ShardMaintenance} decides when. {@code Admission}
 * and {@code Evictor} keep the store within its memory. All transaction logic is {@link
 * io.ppdb.kv.engine}'s. See {@code docs/design/memory.md}.
 *
 * <p>Depends on {@link io.ppdb.kv} and {@link io.ppdb.kv.engine}. Found by its name {@code memory}
 * through {@link java.util.ServiceLoader}, or constructed directly.
 */
@NullMarked
package io.ppdb.kv.memory;

import org.jspecify.annotations.NullMarked;
