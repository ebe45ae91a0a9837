/**
 * The graph within SQL: the table function {@code gremlin}.
 *
 * <p>{@link io.ppdb.database.gremlin.GremlinFunction} runs a traversal on the graph as the
 * statement's own transaction or snapshot sees it, and hands its results to the executor in
 * batches. Depends on the table-function SPI of model-relational and on model-graph.
 *
 * <p>What does not belong here: Gremlin's grammar and evaluation, which are model-graph's.
 */
@NullMarked
package io.ppdb.database.gremlin;

import org.jspecify.annotations.NullMarked;
