/**
 * Scalar expressions over vectors: Calcite's row expressions compiled to trees of kernels, the
 * operator table that gives them PostgreSQL's types, and constant folding on the same kernels.
 *
 * <p>Depends on {@code type} and {@code vector}. Operators ({@code exec}) and the planner use it.
 */
@NullMarked
package io.ppdb.relational.expr;

import org.jspecify.annotations.NullMarked;
