package io.ppdb.relational.catalog;

import io.ppdb.relational.spi.ScanPath;
import io.ppdb.relational.spi.ScanRequest;
import io.ppdb.relational.spi.TableAccess;
import java.util.List;
import java.util.Map;

/**
 * A view where a table is looked for. The planner puts the view's query in its place, so nobody
 * scans it.
 */
public final class ViewAccess implements TableAccess {
  /** The kind of the table that it looks like. */
  public static final String KIND = "view";

  private static final double ROW_COUNT = 100;

  private final ViewDefinition view;
  private final TableDefinition table;

  /** The view {@code view}. */
  public ViewAccess(ViewDefinition view) {
    this.view = view;
    this.table =
        new TableDefinition(
            view.id(),
            view.version(),
            view.schema(),
            view.name(),
            KIND,
            Map.of(),
            view.columns(),
            List.of(),
            List.of(),
            0);
  }

  public ViewDefinition view() {
    return view;
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
    throw new IllegalStateException("view " + view.name() + " was not replaced by its query");
  }
}
