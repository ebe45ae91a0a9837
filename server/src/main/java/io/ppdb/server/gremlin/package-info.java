/**
 * Where the server meets TinkerPop: traversals given as text, their results as plain values, and
 * the graph of the demo.
 *
 * <p>Everything that leaves this package is plain Java, so that the command line needs no TinkerPop
 * type. What does not belong here: the graph itself, which is model-graph.
 */
@NullMarked
package io.ppdb.server.gremlin;

import org.jspecify.annotations.NullMarked;
