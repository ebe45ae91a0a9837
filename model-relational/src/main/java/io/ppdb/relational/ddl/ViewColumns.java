package io.ppdb.relational.ddl;

import io.ppdb.relational.catalog.CatalogObject;
import io.ppdb.relational.catalog.MaterializedView;
import io.ppdb.relational.catalog.TableDefinition;
import io.ppdb.relational.catalog.ViewDefinition;
import java.util.ArrayList;
import java.util.List;

/** Which views, materialised ones too, read a column of a table. Used for one statement. */
final class ViewColumns {
  private final Change change;

  ViewColumns(Change change) {
    this.change = change;
  }

  /** The views whose queries name the column with {@code ordinal} of {@code table}. */
  List<CatalogObject> readers(TableDefinition table, int ordinal) {
    String column = table.column(ordinal).name();
    List<CatalogObject> readers = new ArrayList<>();
    for (CatalogObject object : change.catalog().objects(change.transaction())) {
      if (object.dependencies().contains(table.id())
          && change.planner().namesColumn(change.view(), query(object), table, column)) {
        readers.add(object);
      }
    }
    return readers;
  }

  private static String query(CatalogObject object) {
    return object instanceof ViewDefinition view
        ? view.query()
        : MaterializedView.of((TableDefinition) object).query();
  }
}
