package io.ppdb.relational.spi;

import io.ppdb.relational.exec.ExecutionContext;
import org.apache.calcite.rex.RexNode;
import org.jspecify.annotations.Nullable;

/** A value that is the same for all rows of a scan: a constant, a parameter, an outer column. */
public interface Operand {
  /** The expression behind the value; for EXPLAIN and estimates. */
  RexNode expression();

  /**
   * The value, of the class that {@link io.ppdb.relational.vector.Values} names for the column's
   * type; null for NULL, with which no comparison holds.
   */
  @Nullable Object value(ExecutionContext context);

  /** The value if it is known before execution (a literal), else null. */
  @Nullable Object constant();

  /** The value or parameter as EXPLAIN shows it. */
  @Override
  String toString();
}
