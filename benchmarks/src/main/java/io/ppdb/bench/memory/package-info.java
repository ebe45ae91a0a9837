/**
 * Suite {@code memory}: PPDB's structures in memory beside those a Java program would take
 * otherwise, and its memory engine's transactions beside a fixed target.
 *
 * <p>Uses the skiplist and the memtable of {@code kv-core} directly, without the engines around
 * them. What does not belong here: measurements without a peer, which are {@link
 * io.ppdb.bench.micro}'s.
 */
@NullMarked
package io.ppdb.bench.memory;

import org.jspecify.annotations.NullMarked;
