/**
 * How a property graph lies in keys and values: layout, records, schema, indexes, sessions.
 *
 * <p>The byte format is {@code docs/format/graph.md}. A graph is one object of the key space:
 *
 * <pre>
 * (n, 0 …)                                      schema: names, usages, sequences, indexes
 * (n, 1, vertex)                                vertex: label and properties
 * (n, 2, vertex)                                existence: claimed only, never stored
 * (n, 3, vertex, direction, label, other, edge) adjacency, both directions; properties outwards
 * (n, 4, label, edge)                           edge: its two vertices
 * (n, 5, label, vertex)                         vertices of a label
 * (n, 6, index, value[, element])               property index
 * (n, 7, element kind, label)                   counters, merged
 * </pre>
 *
 * <p>Start at {@link io.ppdb.graph.storage.GraphSession}: one view or transaction, and everything
 * that can be read and written in it by primitive ids. Depends on {@code io.ppdb.kv} and its codec;
 * used by {@code io.ppdb.graph} and its strategies.
 *
 * <p>What does not belong here: TinkerPop's interfaces; they stand on top.
 */
@NullMarked
package io.ppdb.graph.storage;

import org.jspecify.annotations.NullMarked;
