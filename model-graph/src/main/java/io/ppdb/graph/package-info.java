/**
 * Property graphs over adjacency keys, as an Apache TinkerPop provider.
 *
 * <pre>{@code
 * PpdbGraph graph = PpdbGraph.open(store);
 * graph.createIndex(GraphIndex.vertices("airport", "code").unique());
 * GraphTraversalSource g = graph.traversal();
 * g.addV("airport").property("code", "SEA").iterate();
 * g.tx().commit();
 * }</pre>
 *
 * <p>Start at {@link io.ppdb.graph.PpdbGraph}. Layers, each over the next: elements and
 * transactions (here), what traversals are turned into ({@code io.ppdb.graph.strategy}), Gremlin as
 * text ({@code io.ppdb.graph.lang}), keys and records ({@code io.ppdb.graph.storage}).
 *
 * <p>Depends on {@code io.ppdb.kv} and TinkerPop's gremlin-core. Knows no engine: it is given an
 * open store, or finds an engine by name.
 *
 * <p>What does not belong here: SQL, and the server's ways of speaking Gremlin.
 */
@NullMarked
package io.ppdb.graph;

import org.jspecify.annotations.NullMarked;
