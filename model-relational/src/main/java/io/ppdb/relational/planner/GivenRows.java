package io.ppdb.relational.planner;

import io.ppdb.relational.catalog.ColumnDefinition;
import io.ppdb.relational.catalog.TableDefinition;
import io.ppdb.relational.exec.RowBufferSource;
import io.ppdb.relational.spi.ScanPath;
import io.ppdb.relational.spi.ScanRequest;
import io.ppdb.relational.spi.ScanText;
import io.ppdb.relational.spi.TableAccess;
import java.util.List;
import java.util.Map;

/**
 * The rows that a statement has in hand when it runs, as a table: RETURNING is a query of the rows
 * that were written, DO UPDATE one of those that were in the way.
 *
 * @param origin the schema of the table that they are rows of
 * @param table its definition, in schema {@value #SCHEMA}
 */
public record GivenRows(String origin, TableDefinition table) implements TableAccess {
  /** The schema of such tables; the catalog has none of this name. */
  public static final String SCHEMA = "$given";

  private static final double ROW_COUNT = 10;

  /**
   * A table called {@code name} of rows with {@code columns}.
   *
   * @param origin the schema of the table that they are rows of
   */
  public static GivenRows of(String origin, String name, List<ColumnDefinition> columns) {
    return new GivenRows(
        origin,
        new TableDefinition(
            0, 0, SCHEMA, name, "given", Map.of(), columns, List.of(), List.of(), 0));
  }

  @Override
  public double estimatedRowCount() {
    return ROW_COUNT;
  }

  @Override
  public List<ScanPath> scanPaths(ScanRequest request) {
    return List.of(
        new ScanPath(
            new ScanText("Given Rows Scan", table.name(), ""),
            List.of(),
            ROW_COUNT,
            ROW_COUNT,
            List.of(),
            context -> new RowBufferSource(context.givenRows(), request.columns())));
  }
}
