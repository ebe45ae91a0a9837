/**
 * From a parsed statement to a plan: names and types are resolved against the catalog, the query
 * becomes relational algebra, rules and costs make a plan of it.
 *
 * <p>Calcite is parser, validator and rewriter here. Access paths and physical operators are chosen
 * by this package itself, in one pass over the rewritten tree, because a point query must be
 * planned in well under a millisecond.
 */
@NullMarked
package io.ppdb.relational.planner;

import org.jspecify.annotations.NullMarked;
