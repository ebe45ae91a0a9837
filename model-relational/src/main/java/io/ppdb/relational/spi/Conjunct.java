package io.ppdb.relational.spi;

import org.apache.calcite.rex.RexNode;
import org.jspecify.annotations.Nullable;

/**
 * One of the conditions that a scan's rows have to meet.
 *
 * @param expression the condition; input references are ordinals of the table's columns
 * @param comparison the same as a comparison of one column with values that are known when the scan
 *     opens, or null if it is not of this form
 */
public record Conjunct(RexNode expression, @Nullable ColumnComparison comparison) {}
