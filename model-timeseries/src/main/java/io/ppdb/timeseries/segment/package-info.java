/**
 * The bytes of a time-series segment: rows of one table and window, column by column.
 *
 * <p>{@link io.ppdb.timeseries.segment.SegmentEncoder} turns vectors into a segment, {@link
 * io.ppdb.timeseries.segment.Segment} decodes it straight into the executor's vectors; {@code
 * docs/format/timeseries.md} says what lies between. Knows vectors and types; keys, transactions,
 * predicates and SQL do not belong here.
 */
@NullMarked
package io.ppdb.timeseries.segment;

import org.jspecify.annotations.NullMarked;
