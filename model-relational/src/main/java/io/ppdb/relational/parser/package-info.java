/**
 * The grammar: statements as text become trees of Calcite's {@code SqlNode}.
 *
 * <p>The parser itself is generated from calcite-core's grammar and the additions in {@code
 * src/main/codegen}; the nodes of those additions are here. Knows names and positions only, nothing
 * of the catalog.
 */
@NullMarked
package io.ppdb.relational.parser;

import org.jspecify.annotations.NullMarked;
