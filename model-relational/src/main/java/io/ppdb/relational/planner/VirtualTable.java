package io.ppdb.relational.planner;

import io.ppdb.relational.catalog.Catalog;
import io.ppdb.relational.catalog.TableDefinition;
import io.ppdb.relational.exec.ExecutionContext;
import io.ppdb.relational.spi.RowListSource;
import io.ppdb.relational.spi.ScanPath;
import io.ppdb.relational.spi.ScanRequest;
import io.ppdb.relational.spi.ScanText;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A table whose rows are computed when it is read: the views of INFORMATION_SCHEMA. */
final class VirtualTable implements SystemSchema.Table {
  private static final double ROW_COUNT = 100;

  private final TableDefinition table;
  private final Catalog catalog;
  private final Function<Visible, List<@Nullable Object[]>> rows;

  /**
   * @param rows gives the rows of what a role may see of {@code catalog}
   */
  VirtualTable(
      TableDefinition table, Catalog catalog, Function<Visible, List<@Nullable Object[]>> rows) {
    this.table = table;
    this.catalog = catalog;
    this.rows = rows;
  }

  private Visible visible(ExecutionContext context) {
    return Visible.of(catalog, context.view(), context.evaluation().role());
  }

  @Override
  public TableDefinition table() {
    return table;
  }

  @Override
  public double estimatedRowCount() {
    return ROW_COUNT;
  }

  @Override
  public List<ScanPath> scanPaths(ScanRequest request) {
    return List.of(
        new ScanPath(
            new ScanText("Virtual Scan", table.schema() + "." + table.name(), ""),
            List.of(),
            ROW_COUNT,
            ROW_COUNT,
            List.of(),
            context ->
                new RowListSource(rows.apply(visible(context)).iterator(), request.columns())));
  }
}
