package io.ppdb.relational.constraint;

import io.ppdb.relational.exec.ExecutionContext;
import io.ppdb.relational.planner.CatalogView;
import io.ppdb.relational.planner.PlanNode;
import io.ppdb.relational.spi.TableAccess;
import org.jspecify.annotations.Nullable;

/** Runs the statements of which referential actions consist. Thread-safe. */
public interface ActionRunner {
  /** Runs an UPDATE or DELETE as a part of the statement of {@code context}. */
  void write(String sql, ExecutionContext context, @Nullable Object[] parameters);

  /** Inserts the rows of a query, which has the columns of {@code table}; how many. */
  long insert(TableAccess table, PlanNode rows, ExecutionContext context);

  /** Whether a query has rows. */
  boolean hasRows(String sql, ExecutionContext context, @Nullable Object[] parameters);

  /**
   * Inserts the rows of a query through the constraints of the table, as a part of the statement of
   * {@code context}.
   */
  void insertChecked(
      TableAccess table, PlanNode rows, CatalogView catalog, ExecutionContext context);
}
