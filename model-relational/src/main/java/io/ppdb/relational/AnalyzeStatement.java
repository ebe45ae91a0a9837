package io.ppdb.relational;

import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.PpdbException;
import io.ppdb.kv.ReadView;
import io.ppdb.kv.Transaction;
import io.ppdb.relational.access.Role;
import io.ppdb.relational.catalog.Catalog;
import io.ppdb.relational.catalog.TableDefinition;
import io.ppdb.relational.catalog.ViewAccess;
import io.ppdb.relational.exec.Cancellation;
import io.ppdb.relational.parser.AnalyzeNode;
import io.ppdb.relational.parser.StatementParser;
import io.ppdb.relational.planner.CatalogView;
import io.ppdb.relational.planner.Viewpoint;
import io.ppdb.relational.spi.TableAccess;
import io.ppdb.relational.statistics.TableStatistics;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.jspecify.annotations.Nullable;

/**
 * ANALYZE: looks at tables as the session sees them and stores what is known of them then, each
 * table by itself unless a transaction is open. It claims nothing that writers need. Used for one
 * statement.
 */
final class AnalyzeStatement {
  private final Catalog catalog;
  private final Viewpoint viewpoint;
  private final SessionTransaction session;
  private final Cancellation cancellation;

  AnalyzeStatement(
      Catalog catalog, Viewpoint viewpoint, SessionTransaction session, Cancellation cancellation) {
    this.catalog = catalog;
    this.viewpoint = viewpoint;
    this.session = session;
    this.cancellation = cancellation;
  }

  /**
   * A table to look at.
   *
   * @param columns names of the columns that are wanted; empty for all
   */
  private record Target(TableAccess table, Set<String> columns) {}

  void run(AnalyzeNode node) {
    for (Target target : session.read(view -> targets(node, view))) {
      session.run(
          transaction -> {
            analyze(target, transaction);
            return true;
          });
      catalog.statistics().noteStored();
    }
  }

  private List<Target> targets(AnalyzeNode node, ReadView view) {
    List<Target> targets = new ArrayList<>();
    for (AnalyzeNode.Target target : node.targets()) {
      addIfOwned(target(target, view), view, targets);
    }
    if (node.targets().isEmpty()) {
      for (TableDefinition table : catalog.tables(view)) {
        addIfOwned(new Target(catalog.access(table), Set.of()), view, targets);
      }
    }
    return targets;
  }

  /** Passes over what belongs to others, as PostgreSQL does. */
  private void addIfOwned(Target target, ReadView view, List<Target> targets) {
    if (viewpoint.role() == Role.BOOTSTRAP
        || catalog.access().at(view).owns(viewpoint.role(), target.table().table().id())) {
      targets.add(target);
    }
  }

  private Target target(AnalyzeNode.Target target, ReadView view) {
    SqlIdentifier name = target.table();
    String simple = name.names.get(name.names.size() - 1);
    TableAccess table = new CatalogView(catalog, view, viewpoint).table(name.names);
    if (table == null) {
      throw new PpdbException(
          ErrorCode.UNDEFINED_TABLE, "table \"" + simple + "\" does not exist" + at(name));
    }
    if (table instanceof ViewAccess) {
      throw new PpdbException(
          ErrorCode.WRONG_OBJECT_TYPE, "\"" + simple + "\" is not a table" + at(name));
    }
    return new Target(table, columns(table.table(), target.columns()));
  }

  private static Set<String> columns(TableDefinition table, @Nullable SqlNodeList names) {
    Set<String> columns = new TreeSet<>();
    if (names != null) {
      for (SqlNode name : names) {
        String column = ((SqlIdentifier) name).getSimple();
        if (table.columnIndex(column) < 0) {
          throw new PpdbException(
              ErrorCode.UNDEFINED_COLUMN,
              "column \""
                  + column
                  + "\" of relation \""
                  + table.name()
                  + "\" does not exist"
                  + at(name));
        }
        columns.add(column);
      }
    }
    return columns;
  }

  private static String at(SqlNode node) {
    SqlParserPos position = node.getParserPosition();
    return StatementParser.at(position.getLineNum(), position.getColumnNum());
  }

  private void analyze(Target target, Transaction transaction) {
    TableStatistics found = target.table.sample(transaction, cancellation::check);
    if (found == null) {
      return; // a kind of table that knows by other means
    }
    long id = target.table.table().id();
    if (!target.columns.isEmpty()) {
      TableStatistics before = catalog.statistics().find(transaction, id).statistics();
      Map<String, TableStatistics.Column> columns = new HashMap<>(before.columns());
      target.columns.forEach(name -> columns.put(name, found.columns().get(name)));
      catalog
          .statistics()
          .store(transaction, id, new TableStatistics(found.rowCount(), columns, found.keys()));
      return;
    }
    catalog.statistics().store(transaction, id, found);
  }
}
