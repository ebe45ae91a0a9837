/**
 * Measurements of single classes by JMH, for choosing between ways to build them; run by hand, see
 * {@code docs/benchmarks.md}.
 *
 * <p>What does not belong here: comparisons with peers, which are suites of {@link io.ppdb.bench}.
 */
@NullMarked
package io.ppdb.bench.micro;

import org.jspecify.annotations.NullMarked;
