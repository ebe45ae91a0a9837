package io.ppdb.relational;

import io.ppdb.relational.exec.ExecutionContext;
import io.ppdb.relational.exec.Operator;
import io.ppdb.relational.exec.RowBuffer;
import io.ppdb.relational.planner.PlanNode;
import io.ppdb.relational.type.ColumnType;
import io.ppdb.relational.vector.VectorBatch;
import java.util.List;

/**
 * RETURNING: a query of the rows that a statement has written.
 *
 * @param writtenTypes the columns of the written rows
 */
record Returning(PlanNode plan, List<ResultColumn> columns, List<ColumnType> writtenTypes) {
  /** A buffer for the written rows. */
  RowBuffer newBuffer() {
    return new RowBuffer(writtenTypes);
  }

  /** What the statement returns; read at once, for later statements may change what it reads. */
  RowBuffer run(RowBuffer written, ExecutionContext context) {
    RowBuffer result = new RowBuffer(plan.types());
    ExecutionContext reading = context.withGivenRows(written);
    try (Operator rows = plan.build(reading)) {
      rows.open(reading);
      VectorBatch batch;
      while ((batch = rows.next()) != null) {
        result.append(batch);
      }
    }
    return result;
  }
}
