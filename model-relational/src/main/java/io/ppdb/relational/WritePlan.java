package io.ppdb.relational;

import io.ppdb.relational.exec.ExecutionContext;
import io.ppdb.relational.exec.RowBuffer;
import io.ppdb.relational.planner.PlanNode;
import io.ppdb.relational.spi.TableAccess;
import org.jspecify.annotations.Nullable;

/** How an INSERT, UPDATE or DELETE runs. Immutable, shared by all executions. */
interface WritePlan {
  TableAccess table();

  /** What EXPLAIN calls it, for instance {@code Insert}. */
  String operation();

  /** The plan of the rows it reads, or null if they stand in the statement. */
  @Nullable PlanNode source();

  /**
   * Runs it in the transaction of {@code context} and returns how many rows it wrote.
   *
   * @param written receives these rows, for RETURNING; null if nobody wants them
   */
  long run(ExecutionContext context, @Nullable RowBuffer written);
}
