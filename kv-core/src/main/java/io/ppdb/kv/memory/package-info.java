/**
 * The memory engine: a store that lives as long as its process.
 *
 * <p>One memtable holds everything; versions that no view can need any more are collected by the
 * threads that commit. All transaction logic is {@link io.ppdb.kv.engine}'s.
 *
 * <p>Depends on {@link io.ppdb.kv} and {@link io.ppdb.kv.engine}. Found by its name {@code memory}
 * through {@link java.util.ServiceLoader}, or constructed directly.
 */
@NullMarked
package io.ppdb.kv.memory;

import org.jspecify.annotations.NullMarked;
