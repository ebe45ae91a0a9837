package io.ppdb.relational.constraint;

import io.ppdb.relational.exec.ExecutionContext;
import org.jspecify.annotations.Nullable;

/** Runs the statements of which referential actions consist. Thread-safe. */
public interface ActionRunner {
  /** Runs an UPDATE or DELETE as a part of the statement of {@code context}. */
  void write(String sql, ExecutionContext context, @Nullable Object[] parameters);

  /** Whether a query has rows. */
  boolean hasRows(String sql, ExecutionContext context, @Nullable Object[] parameters);
}
