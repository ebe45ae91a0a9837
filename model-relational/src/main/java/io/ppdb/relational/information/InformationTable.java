package io.ppdb.relational.information;

import io.ppdb.kv.ReadView;
import io.ppdb.relational.catalog.ColumnDefinition;
import io.ppdb.relational.catalog.TableDefinition;
import io.ppdb.relational.exec.BatchSource;
import io.ppdb.relational.spi.ScanPath;
import io.ppdb.relational.spi.ScanRequest;
import io.ppdb.relational.spi.TableAccess;
import io.ppdb.relational.type.ColumnType;
import io.ppdb.relational.vector.Vector;
import io.ppdb.relational.vector.VectorBatch;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A table whose rows are made when a scan opens. Thread-safe. */
final class InformationTable implements TableAccess {
  /** A guess for the planner: catalogs are small. */
  private static final double ESTIMATED_ROWS = 200;

  private final TableDefinition definition;
  private final Rows rows;

  InformationTable(TableDefinition definition, Rows rows) {
    this.definition = definition;
    this.rows = rows;
  }

  /** Makes the rows that a view shows: one value per column. */
  @FunctionalInterface
  interface Rows {
    List<@Nullable Object[]> in(ReadView view);
  }

  /** Name and columns of a table. */
  static final class Shape {
    private final String name;
    private final List<ColumnDefinition> columns = new ArrayList<>();

    Shape(String name) {
      this.name = name;
    }

    Shape column(String columnName, ColumnType type) {
      columns.add(new ColumnDefinition(columnName, type, true, null));
      return this;
    }

    TableDefinition define(long id) {
      return new TableDefinition(
          id,
          0,
          InformationSchema.NAME,
          name,
          "system",
          Map.of(),
          columns,
          List.of(),
          List.of(),
          1);
    }
  }

  @Override
  public TableDefinition table() {
    return definition;
  }

  @Override
  public double estimatedRowCount() {
    return ESTIMATED_ROWS;
  }

  @Override
  public List<ScanPath> scanPaths(ScanRequest request) {
    int[] columns = request.columns().clone();
    return List.of(
        new ScanPath(
            "Catalog Scan on " + InformationSchema.NAME + "." + definition.name(),
            List.of(),
            ESTIMATED_ROWS,
            ESTIMATED_ROWS,
            List.of(),
            context -> new RowsSource(rows.in(context.view()), columns)));
  }

  /** Hands out rows, some columns of them. */
  private static final class RowsSource implements BatchSource {
    private final List<@Nullable Object[]> rows;
    private final int[] columns;
    private int nextRow;

    RowsSource(List<@Nullable Object[]> rows, int[] columns) {
      this.rows = rows;
      this.columns = columns;
    }

    @Override
    public boolean fill(VectorBatch batch, int rowCount) {
      int count = Math.min(rowCount, rows.size() - nextRow);
      for (int i = 0; i < columns.length; i++) {
        Vector vector = batch.column(i);
        for (int row = 0; row < count; row++) {
          vector.setObject(row, rows.get(nextRow + row)[columns[i]]);
        }
      }
      batch.setRowCount(count);
      nextRow += count;
      return nextRow < rows.size();
    }

    @Override
    public void close() {}
  }
}
