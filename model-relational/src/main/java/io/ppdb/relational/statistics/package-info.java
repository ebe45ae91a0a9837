/**
 * What is known of the rows of a table: how many values a column has, which ones are common, how
 * the others are spread, and how many rows share the beginning of a key. ANALYZE draws a sample and
 * makes statistics of it; the planner asks them which part of the rows a condition leaves.
 *
 * <p>Depends on keys and values only. How a sample is drawn is the business of a table's storage,
 * and where statistics are kept that of the catalog.
 */
@NullMarked
package io.ppdb.relational.statistics;

import org.jspecify.annotations.NullMarked;
