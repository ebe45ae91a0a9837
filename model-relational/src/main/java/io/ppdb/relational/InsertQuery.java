package io.ppdb.relational;

import io.ppdb.relational.catalog.TableDefinition;
import io.ppdb.relational.exec.ConcatOperator;
import io.ppdb.relational.exec.ExecutionContext;
import io.ppdb.relational.exec.Operator;
import io.ppdb.relational.exec.RowBuffer;
import io.ppdb.relational.planner.PlanNode;
import io.ppdb.relational.spi.TableAccess;
import io.ppdb.relational.spi.TableWriter;
import io.ppdb.relational.type.ColumnType;
import io.ppdb.relational.vector.VectorBatch;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * INSERT of the rows of a query, which has one column for each column of the table.
 *
 * @param onConflict what is done about rows whose keys are taken; null if that is an error
 */
record InsertQuery(TableAccess table, PlanNode source, @Nullable ConflictAction onConflict)
    implements WritePlan {
  @Override
  public String operation() {
    return "Insert";
  }

  @Override
  public long run(ExecutionContext context, @Nullable RowBuffer written) {
    TableDefinition definition = table.table();
    List<ColumnType> types =
        definition.columns().stream().map(column -> RowChecks.writeType(column.type())).toList();
    long count = 0;
    try (Operator rows = new ConcatOperator(types, List.of(source.build(context)));
        TableWriter writer = table.openWriter(context)) {
      RowInsert writing = RowInsert.of(table, onConflict, writer, context, written);
      rows.open(context);
      VectorBatch batch;
      while ((batch = rows.next()) != null) {
        count += writing.insert(batch);
      }
      writer.finish();
    }
    return count;
  }
}
