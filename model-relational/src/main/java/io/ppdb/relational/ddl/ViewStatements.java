package io.ppdb.relational.ddl;

import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.PpdbException;
import io.ppdb.relational.ResultColumn;
import io.ppdb.relational.catalog.CatalogObject;
import io.ppdb.relational.catalog.ColumnDefinition;
import io.ppdb.relational.catalog.ViewDefinition;
import io.ppdb.relational.parser.Definition;
import io.ppdb.relational.parser.TextSpan;
import io.ppdb.relational.planner.QueryPlanner.PlannedQuery;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.apache.calcite.sql.SqlIdentifier;
import org.jspecify.annotations.Nullable;

/** CREATE VIEW. Used for one statement. */
final class ViewStatements {
  private final Change change;

  ViewStatements(Change change) {
    this.change = change;
  }

  void create(Definition.CreateView node) {
    String schema = change.schemaFor(node.name());
    String name = Names.simple(node.name());
    boolean exists = change.catalog().exists(change.transaction(), schema, name);
    if (exists && node.ifNotExists()) {
      return;
    }
    CatalogObject old = change.catalog().findObject(change.transaction(), schema, name);
    if (exists && node.replace() && !(old instanceof ViewDefinition)) {
      throw Names.wrongKind(node.name(), "view");
    }
    if (exists && !node.replace()) {
      change.requireFree(schema, node.name(), ErrorCode.DUPLICATE_TABLE);
    }
    if (old != null) {
      change.permissions().requireOwner(old);
    }
    DefinedQuery defined = define(node.name(), node.columns(), node.query());
    if (old != null) {
      requireCompatible((ViewDefinition) old, defined, node.name());
    }
    long id = old == null ? change.allocateId() : old.id();
    ViewDefinition view =
        new ViewDefinition(
            id, 0, schema, name, defined.columns(), defined.query(), defined.dependencies());
    change.catalog().store(change.transaction(), view);
  }

  /** The query of a view as the catalog keeps it. */
  record DefinedQuery(List<ColumnDefinition> columns, String query, List<Long> dependencies) {}

  /**
   * The query of a new view.
   *
   * @param given names of its first columns
   */
  DefinedQuery define(SqlIdentifier name, List<SqlIdentifier> given, TextSpan text) {
    PlannedQuery planned = change.planner().plan(change.view(), change.query(text));
    if (!planned.parameterTypes().isEmpty()) {
      throw new PpdbException(
          ErrorCode.UNDEFINED_PARAMETER,
          "a view has no parameters; seen " + planned.parameterTypes().size());
    }
    Set<Long> dependencies = new TreeSet<>();
    planned.dependencies().tables().values().forEach(used -> dependencies.add(used.version().id()));
    return new DefinedQuery(
        columns(name, given, planned.columns()),
        change.planner().lastingQuery(change.view(), text.in(change.sql())),
        List.copyOf(dependencies));
  }

  /** The columns of a query as those of {@code relation}, the first ones with given names. */
  static List<ColumnDefinition> columns(
      SqlIdentifier relation, List<SqlIdentifier> given, List<ResultColumn> columns) {
    if (given.size() > columns.size()) {
      throw new PpdbException(
          ErrorCode.SYNTAX_ERROR,
          "there are more column names than columns: "
              + given.size()
              + " for "
              + columns.size()
              + Change.at(given.get(columns.size())));
    }
    List<ColumnDefinition> result = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (int i = 0; i < columns.size(); i++) {
      String name = i < given.size() ? given.get(i).getSimple() : columns.get(i).name();
      if (!names.add(name)) {
        throw new PpdbException(
            ErrorCode.DUPLICATE_COLUMN,
            "column \"" + name + "\" specified more than once" + Change.at(relation));
      }
      result.add(
          new ColumnDefinition(name, columns.get(i).type(), columns.get(i).nullable(), null));
    }
    return result;
  }

  /** OR REPLACE may add columns at the end, no more: others may read those that are there. */
  private static void requireCompatible(
      ViewDefinition old, DefinedQuery changed, SqlIdentifier name) {
    if (changed.dependencies().contains(old.id())) {
      throw new PpdbException(
          ErrorCode.INVALID_DEFINITION,
          "view \"" + old.name() + "\" cannot read itself" + Change.at(name));
    }
    for (int i = 0; i < old.columns().size(); i++) {
      ColumnDefinition before = old.columns().get(i);
      @Nullable ColumnDefinition after =
          i < changed.columns().size() ? changed.columns().get(i) : null;
      if (after == null) {
        throw new PpdbException(
            ErrorCode.INVALID_DEFINITION,
            "cannot drop columns from view \"" + old.name() + "\"" + Change.at(name));
      }
      if (!before.name().equals(after.name()) || !before.type().equals(after.type())) {
        throw new PpdbException(
            ErrorCode.INVALID_DEFINITION,
            "cannot change view column \""
                + before.name()
                + "\" of type "
                + before.type()
                + " to \""
                + after.name()
                + "\" of type "
                + after.type()
                + Change.at(name));
      }
    }
  }
}
