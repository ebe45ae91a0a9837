package io.ppdb.relational.spi;

import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.PpdbException;
import io.ppdb.kv.ReadView;
import io.ppdb.relational.catalog.TableDefinition;
import io.ppdb.relational.exec.ExecutionContext;
import io.ppdb.relational.lock.LockStrength;
import io.ppdb.relational.lock.LockWait;
import io.ppdb.relational.statistics.TableStatistics;
import io.ppdb.relational.type.ColumnType;
import java.util.List;
import org.jspecify.annotations.Nullable;

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

  /**
   * Looks at the rows that {@code view} shows, or at a sample of them, at a bounded cost.
   *
   * @param pause is run now and then; it may wait, or throw to end the work
   * @return null if this kind of table estimates without statistics of columns
   */
  default @Nullable TableStatistics sample(ReadView view, Runnable pause) {
    return null;
  }

  /** Adds to {@link #changedRowCount}; racily, it need not be exact. */
  default void noteChanged(long rowCount) {}

  /** About how many rows statements of this process have written; to tell when to look again. */
  default long changedRowCount() {
    return 0;
  }

  /**
   * Opens what locks rows for one statement, in the transaction of {@code context}.
   *
   * @param wait what becomes of rows that others have locked
   */
  default RowLocker openLocker(LockStrength strength, LockWait wait, ExecutionContext context) {
    throw new PpdbException(
        ErrorCode.NOT_SUPPORTED, "rows of table " + table().name() + " cannot be locked");
  }

  /** Opens a writer for one statement, in the transaction of {@code context}. */
  default TableWriter openWriter(ExecutionContext context) {
    throw new PpdbException(
        ErrorCode.NOT_SUPPORTED, "table " + table().name() + " cannot be written");
  }
}
