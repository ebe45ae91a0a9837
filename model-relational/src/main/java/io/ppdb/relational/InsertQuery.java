package io.ppdb.relational;

import io.ppdb.relational.catalog.TableDefinition;
import io.ppdb.relational.exec.ConcatOperator;
import io.ppdb.relational.exec.ExecutionContext;
import io.ppdb.relational.exec.Operator;
import io.ppdb.relational.planner.PlanNode;
import io.ppdb.relational.spi.TableAccess;
import io.ppdb.relational.spi.TableWriter;
import io.ppdb.relational.type.ColumnType;
import io.ppdb.relational.vector.VectorBatch;
import java.util.List;

/** INSERT of the rows of a query, which has one column for each column of the table. */
record InsertQuery(TableAccess table, PlanNode source) implements WritePlan {
  @Override
  public String title() {
    return "Insert on " + table.table().name();
  }

  @Override
  public long run(ExecutionContext context) {
    TableDefinition definition = table.table();
    List<ColumnType> types =
        definition.columns().stream().map(column -> RowChecks.writeType(column.type())).toList();
    long count = 0;
    try (Operator rows = new ConcatOperator(types, List.of(source.build(context)));
        TableWriter writer = table.openWriter(context)) {
      rows.open(context);
      VectorBatch batch;
      while ((batch = rows.next()) != null) {
        for (int column = 0; column < types.size(); column++) {
          RowChecks.check(definition, column, batch);
        }
        writer.insert(batch);
        count += batch.size();
      }
      writer.finish();
    }
    return count;
  }
}
