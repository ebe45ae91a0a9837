package io.ppdb.relational;

import io.ppdb.relational.catalog.ColumnDefinition;
import io.ppdb.relational.planner.GivenRows;
import io.ppdb.relational.type.ColumnType;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlJoin;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.SqlSelect;
import org.apache.calcite.sql.util.SqlShuttle;
import org.jspecify.annotations.Nullable;

/**
 * The columns of {@link GivenRows} that belong to one target, and beside it to other tables: those
 * of an UPDATE's FROM, or {@code excluded}.
 *
 * <p>Given rows are one table with one alias, the target's. Columns of others are called {@code
 * alias.column} in it, and {@link #rewrite} makes such names of what a statement says. Used for one
 * statement.
 */
final class GivenColumns {
  private final WriteTarget target;
  private final boolean withLocator;
  private final Map<String, List<ColumnDefinition>> others = new LinkedHashMap<>();

  /**
   * Columns of {@code target} alone.
   *
   * @param withLocator whether rows have its locator columns too
   */
  GivenColumns(WriteTarget target, boolean withLocator) {
    this.target = target;
    this.withLocator = withLocator;
  }

  /** Adds the columns of what the statement calls {@code alias}. */
  void add(String alias, List<ColumnDefinition> columns) {
    others.put(alias, columns);
  }

  /** The rows: columns of the target, locators, columns of the others. */
  GivenRows rows() {
    List<ColumnDefinition> columns = new ArrayList<>();
    for (ColumnDefinition column : target.table().columns()) {
      columns.add(nullable(column.name(), column.type()));
    }
    if (withLocator) {
      for (ColumnType type : target.access().locatorTypes()) {
        columns.add(nullable("$locator" + columns.size(), type));
      }
    }
    others.forEach(
        (alias, list) ->
            list.forEach(
                column -> columns.add(nullable(alias + "." + column.name(), column.type()))));
    return GivenRows.of(target.table().schema(), target.table().name(), columns);
  }

  private static ColumnDefinition nullable(String name, ColumnType type) {
    return new ColumnDefinition(name, type, true, null);
  }

  /** What a query of the rows has after FROM. */
  SqlNode from() {
    return SqlTrees.alias(
        SqlTrees.identifier(GivenRows.SCHEMA, target.table().name()),
        SqlTrees.identifier(target.name()));
  }

  /** {@code node} with the names of the rows' columns. */
  SqlNode rewrite(SqlNode node) {
    SqlNode rewritten = node.accept(new Names());
    return rewritten == null ? node : rewritten;
  }

  /** A select list, with the names of the rows' columns, and those that stars stand for. */
  SqlNodeList rewriteList(SqlNodeList list) {
    SqlNodeList result = new SqlNodeList(list.getParserPosition());
    for (SqlNode item : list) {
      if (item instanceof SqlIdentifier identifier && identifier.isStar()) {
        addStar(identifier, result);
      } else {
        SqlNode rewritten = rewrite(item);
        boolean isOther = item instanceof SqlIdentifier && rewritten != item;
        result.add(isOther ? labelled(rewritten, (SqlIdentifier) item) : rewritten);
      }
    }
    return result;
  }

  private static SqlNode labelled(SqlNode node, SqlIdentifier name) {
    return SqlTrees.alias(node, SqlTrees.identifier(name.names.get(name.names.size() - 1)));
  }

  private void addStar(SqlIdentifier star, SqlNodeList result) {
    String of = star.names.size() == 1 ? "" : star.names.get(star.names.size() - 2);
    if (!of.isEmpty() && !of.equals(target.name()) && !others.containsKey(of)) {
      result.add(star); // the planner says that there is no such table
      return;
    }
    if (of.isEmpty() || of.equals(target.name())) {
      for (ColumnDefinition column : target.table().columns()) {
        result.add(
            SqlTrees.identifier(target.name(), column.name()).clone(star.getParserPosition()));
      }
    }
    others.forEach(
        (alias, columns) -> {
          if (of.isEmpty() || of.equals(alias)) {
            for (ColumnDefinition column : columns) {
              SqlIdentifier name = SqlTrees.identifier(column.name());
              result.add(SqlTrees.alias(given(alias, column.name()), name));
            }
          }
        });
  }

  private SqlIdentifier given(String alias, String column) {
    return SqlTrees.identifier(target.name(), alias + "." + column);
  }

  /** The alias whose column a bare name means: the only one that has it; null if the target has. */
  private @Nullable String owner(String column) {
    if (target.table().columnIndex(column) >= 0) {
      return null;
    }
    List<String> owners = new ArrayList<>();
    others.forEach(
        (alias, columns) -> {
          if (columns.stream().anyMatch(other -> other.name().equals(column))) {
            owners.add(alias);
          }
        });
    return owners.size() == 1 ? owners.get(0) : null;
  }

  /** Replaces names, save for those that a sub-query gives another meaning. */
  private final class Names extends SqlShuttle {
    /** What the sub-queries around a node call their tables. */
    private final Deque<Set<String>> hidden = new ArrayDeque<>();

    @Override
    public SqlNode visit(SqlIdentifier name) {
      if (name.isStar()) {
        return name;
      }
      if (name.names.size() == 1) {
        // Within a sub-query a bare name may be one of its own columns.
        String owner = hidden.isEmpty() ? owner(name.getSimple()) : null;
        return owner == null ? name : at(given(owner, name.getSimple()), name);
      }
      String alias = name.names.get(name.names.size() - 2);
      boolean isHidden = hidden.stream().anyMatch(names -> names.contains(alias));
      return others.containsKey(alias) && !isHidden
          ? at(given(alias, name.names.get(name.names.size() - 1)), name)
          : name;
    }

    private SqlIdentifier at(SqlIdentifier identifier, SqlNode node) {
      return (SqlIdentifier) identifier.clone(node.getParserPosition());
    }

    @Override
    public @Nullable SqlNode visit(SqlCall call) {
      if (call.getKind() == SqlKind.AS && call.operandCount() == 2) {
        // The alias names what there was not before, whatever else is called so.
        SqlNode named = call.operand(0);
        SqlNode rewritten = named.accept(this);
        return rewritten == named || rewritten == null
            ? call
            : call.getOperator()
                .createCall(call.getParserPosition(), rewritten, call.<SqlNode>operand(1));
      }
      if (!(call instanceof SqlSelect select)) {
        return super.visit(call);
      }
      Set<String> names = new HashSet<>();
      addNames(select.getFrom(), names);
      hidden.push(names);
      try {
        return super.visit(call);
      } finally {
        hidden.pop();
      }
    }
  }

  /** Adds what the tables of a FROM clause are called. */
  static void addNames(@Nullable SqlNode from, Set<String> names) {
    if (from instanceof SqlJoin join) {
      addNames(join.getLeft(), names);
      addNames(join.getRight(), names);
    } else if (from != null && from.getKind() == SqlKind.AS) {
      names.add(((SqlIdentifier) ((SqlCall) from).operand(1)).getSimple());
    } else if (from instanceof SqlIdentifier table) {
      names.add(table.names.get(table.names.size() - 1));
    }
  }
}
