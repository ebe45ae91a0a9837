/**
 * Side-by-side benchmarks: PPDB and its peers do the same work, each in a fresh JVM with a class
 * path of its own.
 *
 * <p>{@link io.ppdb.bench.Main} is the command {@code ppdb bench}. A {@link io.ppdb.bench.Suite}
 * starts {@link io.ppdb.bench.Sides}, one process for each engine, that take turns, round by round,
 * so that a disturbance of the machine meets all of them; the {@link io.ppdb.bench.Report} takes
 * medians, compares checksums and prints the rows. In the child, {@link io.ppdb.bench.SideMain}
 * answers requests by a {@link io.ppdb.bench.Side}.
 *
 * <p>May import any module of PPDB; nothing imports it. What does not belong here: micro-benchmarks
 * of single classes, which are in {@link io.ppdb.bench.micro}, and numbers (they belong to {@code
 * docs/benchmarks.md}).
 */
@NullMarked
package io.ppdb.bench;

import org.jspecify.annotations.NullMarked;
