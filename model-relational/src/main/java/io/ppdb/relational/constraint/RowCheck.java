package io.ppdb.relational.constraint;

import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.PpdbException;
import io.ppdb.relational.catalog.CheckDefinition;
import io.ppdb.relational.catalog.TableDefinition;
import io.ppdb.relational.expr.Projection;
import io.ppdb.relational.vector.BooleanVector;
import io.ppdb.relational.vector.Vector;
import io.ppdb.relational.vector.VectorBatch;
import org.jspecify.annotations.Nullable;

/** Evaluates the CHECK constraints of a table. Used by one thread. */
final class RowCheck {
  private final TableDefinition table;
  private final Projection conditions;
  private final Vector[] results;

  /**
   * Checks of {@code table}.
   *
   * @param conditions one for each check, in their order
   */
  RowCheck(TableDefinition table, Projection conditions) {
    this.table = table;
    this.conditions = conditions;
    this.results = new Vector[conditions.size()];
  }

  /** Fails with CHECK_VIOLATION if a live row of {@code rows} makes a condition false. */
  void check(VectorBatch rows) {
    check(rows, rows.selection(), rows.size());
  }

  /** The same for the rows at {@code selection[0..count)}. */
  void check(VectorBatch rows, int @Nullable [] selection, int count) {
    if (results.length == 0) {
      return;
    }
    conditions.evaluate(rows, selection, count, results);
    for (int check = 0; check < results.length; check++) {
      BooleanVector result = (BooleanVector) results[check];
      for (int i = 0; i < count; i++) {
        int position = selection == null ? i : selection[i];
        if (!result.isNull(position) && !result.get(position)) {
          throw violation(table.constraints().checks().get(check), rows, position);
        }
      }
    }
  }

  private PpdbException violation(CheckDefinition check, VectorBatch rows, int position) {
    return new PpdbException(
        ErrorCode.CHECK_VIOLATION,
        "new row for relation \""
            + table.name()
            + "\" violates check constraint \""
            + check.name()
            + "\": failing row contains "
            + RowText.of(table, rows, position));
  }
}
