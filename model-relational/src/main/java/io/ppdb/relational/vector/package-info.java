/**
 * Columns of values in memory: one {@code Vector} class for each physical representation, and the
 * {@code VectorBatch} that operators hand to each other.
 *
 * <p>Vectors are plain heap arrays that kernels read directly: no call per value, no boxing.
 * Operations on values belong to {@code expr}, operators to {@code exec}.
 */
@NullMarked
package io.ppdb.relational.vector;

import org.jspecify.annotations.NullMarked;
