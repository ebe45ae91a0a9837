package io.ppdb.relational.expr;

import io.ppdb.relational.vector.Vector;

/**
 * An operation on one row, for functions whose work outweighs a virtual call: text, dates, wide
 * decimals, transcendental functions. Comparison and arithmetic have loops of their own.
 */
@FunctionalInterface
interface RowFunction {
  /** Computes {@code result[position]} from the arguments, none of which is NULL there. */
  void apply(Vector[] arguments, int position, Vector result);
}
