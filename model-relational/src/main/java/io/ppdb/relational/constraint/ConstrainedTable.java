package io.ppdb.relational.constraint;

import io.ppdb.relational.catalog.Catalog;
import io.ppdb.relational.catalog.TableDefinition;
import io.ppdb.relational.exec.ExecutionContext;
import io.ppdb.relational.planner.RowExpressions;
import io.ppdb.relational.spi.ScanPath;
import io.ppdb.relational.spi.ScanRequest;
import io.ppdb.relational.spi.TableAccess;
import io.ppdb.relational.spi.TableWriter;
import io.ppdb.relational.storage.RowTable;
import io.ppdb.relational.type.ColumnType;
import java.util.ArrayList;
import java.util.List;

/**
 * A table that is written through its constraints. Immutable; part of a plan.
 *
 * <p>It holds the tables that its foreign keys refer to as they were when the plan was made: what
 * matters of them here (ids and keys) does not change without a change of this table too.
 */
final class ConstrainedTable implements TableAccess {
  private final TableAccess table;
  private final RowExpressions checks;
  private final List<RowTable> parents;
  private final Catalog catalog;
  private final ActionRunner runner;

  /**
   * A table.
   *
   * @param checks the conditions of its checks
   * @param parents the tables that its foreign keys refer to, in their order
   */
  ConstrainedTable(
      TableAccess table,
      RowExpressions checks,
      List<RowTable> parents,
      Catalog catalog,
      ActionRunner runner) {
    this.table = table;
    this.checks = checks;
    this.parents = List.copyOf(parents);
    this.catalog = catalog;
    this.runner = runner;
  }

  @Override
  public TableDefinition table() {
    return table.table();
  }

  @Override
  public double estimatedRowCount() {
    return table.estimatedRowCount();
  }

  @Override
  public List<ColumnType> locatorTypes() {
    return table.locatorTypes();
  }

  @Override
  public List<ScanPath> scanPaths(ScanRequest request) {
    return table.scanPaths(request);
  }

  @Override
  public void noteChanged(long rowCount) {
    table.noteChanged(rowCount);
  }

  @Override
  public TableWriter openWriter(ExecutionContext context) {
    TableDefinition definition = table.table();
    RowCheck check = new RowCheck(definition, checks.compile(context.evaluation()));
    List<ForeignKeyCheck> foreignKeys = new ArrayList<>();
    for (int i = 0; i < parents.size(); i++) {
      foreignKeys.add(
          new ForeignKeyCheck(
              definition, definition.constraints().foreignKeys().get(i), parents.get(i), context));
    }
    List<KeyChanges> references = new ArrayList<>();
    definition.constraints().references().stream()
        .mapToInt(reference -> reference.keyNumber())
        .distinct()
        .forEach(number -> references.add(new KeyChanges(definition, number)));
    ReferentialActions actions = new ReferentialActions(definition, catalog, runner, context);
    return new ConstrainedWriter(
        table.openWriter(context), check, foreignKeys, references, actions);
  }
}
