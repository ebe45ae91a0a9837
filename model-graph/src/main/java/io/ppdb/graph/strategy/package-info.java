/**
 * What traversals over a PPDB graph are turned into: index reads, counters, adjacency scans.
 *
 * <p>All strategies are {@code ProviderOptimizationStrategy}: earlier ones would meet the
 * placeholders that gremlin-lang leaves until TinkerPop's own strategies have run.
 *
 * <p>Depends on {@code io.ppdb.graph} and its storage. Registered by {@link
 * io.ppdb.graph.PpdbGraph}.
 *
 * <p>What does not belong here: steps of TinkerPop that are as good as they are.
 */
@NullMarked
package io.ppdb.graph.strategy;

import org.jspecify.annotations.NullMarked;
