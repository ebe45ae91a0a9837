package io.ppdb.relational.spi;

import io.ppdb.relational.exec.BatchSource;
import io.ppdb.relational.exec.ExecutionContext;
import io.ppdb.relational.type.ColumnType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A function that stands in FROM: {@code SELECT … FROM TABLE(name(argument, …))}. Thread-safe. */
public interface TableFunction {
  /** The name, in lower case. */
  String name();

  /** The types of the arguments. */
  List<ColumnType> parameterTypes();

  /**
   * The columns of the result.
   *
   * @param constants the arguments that are known when the statement is prepared; null where an
   *     argument is NULL or a parameter
   */
  List<OutputColumn> outputColumns(List<@Nullable Object> constants);

  /** Runs the function in the transaction or snapshot of {@code context}. */
  BatchSource open(List<@Nullable Object> arguments, ExecutionContext context);

  /** A guess of how many rows there will be, for the planner. */
  default double estimatedRowCount() {
    return 100;
  }

  /** A column of the result; all are nullable. */
  record OutputColumn(String name, ColumnType type) {}
}
