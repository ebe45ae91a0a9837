/**
 * Gremlin as text: TinkerPop's gremlin-lang grammar, evaluated without Groovy.
 *
 * <p>Start at {@link io.ppdb.graph.lang.GremlinQuery}: it parses a text, tells which columns its
 * results have without running it, and runs it as objects or as rows.
 *
 * <p>Depends on {@code io.ppdb.graph} and TinkerPop's grammar. Used by the cross-model functions of
 * SQL, the command line and the server.
 *
 * <p>What does not belong here: SQL's own types; a {@link io.ppdb.graph.lang.GremlinColumn.Type} is
 * mapped to one by whoever asks.
 */
@NullMarked
package io.ppdb.graph.lang;

import org.jspecify.annotations.NullMarked;
