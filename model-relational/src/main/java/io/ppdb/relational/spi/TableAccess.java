package io.ppdb.relational.spi;

import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.PpdbException;
import io.ppdb.relational.catalog.TableDefinition;
import io.ppdb.relational.exec.ExecutionContext;
import io.ppdb.relational.type.ColumnType;
import java.util.List;

/** Reads and writes one table. Thread-safe. */
public interface TableAccess {
  TableDefinition table();

  /** A cheap estimate of how many rows the table has; at least 1. */
  double estimatedRowCount();

  /**
   * Types of hidden columns that, beside the visible ones, an UPDATE or DELETE has to know of a row
   * to find it again. Their ordinals follow those of the visible columns.
   */
  default List<ColumnType> locatorTypes() {
    return List.of();
  }

  /** The ways to answer {@code request}, at least one; the planner takes the cheapest. */
  List<ScanPath> scanPaths(ScanRequest request);

  /** Opens a writer for one statement, in the transaction of {@code context}. */
  default TableWriter openWriter(ExecutionContext context) {
    throw new PpdbException(
        ErrorCode.NOT_SUPPORTED, "table " + table().name() + " cannot be written");
  }
}
