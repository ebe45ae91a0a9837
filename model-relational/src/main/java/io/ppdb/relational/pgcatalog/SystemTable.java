package io.ppdb.relational.pgcatalog;

import io.ppdb.relational.catalog.TableDefinition;
import io.ppdb.relational.planner.SystemSchema;
import io.ppdb.relational.spi.RowListSource;
import io.ppdb.relational.spi.ScanPath;
import io.ppdb.relational.spi.ScanRequest;
import io.ppdb.relational.spi.ScanText;
import java.util.List;

/** A relation of {@code pg_catalog} as statements read it: its rows are made when it is scanned. */
final class SystemTable implements SystemSchema.Table {
  private static final double ROW_COUNT = 100;

  private final SystemRelation relation;
  private final Rows.Writer writer;

  SystemTable(SystemRelation relation, Rows.Writer writer) {
    this.relation = relation;
    this.writer = writer;
  }

  @Override
  public TableDefinition table() {
    return relation.table();
  }

  @Override
  public double estimatedRowCount() {
    return ROW_COUNT;
  }

  @Override
  public List<ScanPath> scanPaths(ScanRequest request) {
    return List.of(
        new ScanPath(
            new ScanText("Virtual Scan", PgCatalog.NAME + "." + relation.name(), ""),
            List.of(),
            ROW_COUNT,
            ROW_COUNT,
            List.of(),
            context ->
                new RowListSource(
                    PgCatalog.rows(relation, writer, context.evaluation().session()).iterator(),
                    request.columns())));
  }
}
