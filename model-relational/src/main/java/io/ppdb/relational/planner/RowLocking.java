package io.ppdb.relational.planner;

import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.PpdbException;
import io.ppdb.relational.access.Privilege;
import io.ppdb.relational.catalog.MaterializedView;
import io.ppdb.relational.catalog.TableDefinition;
import io.ppdb.relational.catalog.ViewAccess;
import io.ppdb.relational.parser.LockingClause;
import io.ppdb.relational.parser.StatementParser;
import io.ppdb.relational.spi.TableAccess;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.apache.calcite.sql.JoinType;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlJoin;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlLiteral;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlSelect;
import org.apache.calcite.sql.SqlWith;
import org.apache.calcite.sql.SqlWithItem;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.sql.util.SqlBasicVisitor;
import org.jspecify.annotations.Nullable;

/**
 * Finds the tables that FOR UPDATE and its like mean, and puts a {@link LockCall} for each in the
 * place of the clause. Used for one query.
 */
final class RowLocking extends SqlBasicVisitor<@Nullable Void> {
  private final CatalogView catalog;

  /** The names that WITH gives, which hide tables. */
  private final Deque<String> given = new ArrayDeque<>();

  /**
   * An item of FROM.
   *
   * @param node what stands there without its alias
   * @param isNullable whether an outer join may have no row of it
   */
  private record Source(String name, SqlNode node, boolean isNullable) {}

  private RowLocking(CatalogView catalog) {
    this.catalog = catalog;
  }

  /** Changes {@code query} in place. */
  static void apply(SqlNode query, CatalogView catalog) {
    query.accept(new RowLocking(catalog));
  }

  /** Fails if {@code query}, which is to be a view, locks rows: whoever reads it just reads. */
  static void refuse(SqlNode query) {
    query.accept(
        new SqlBasicVisitor<@Nullable Void>() {
          @Override
          public @Nullable Void visit(SqlCall call) {
            if (call.getOperator() instanceof LockingClause clause) {
              throw LockingClause.refused(clause.items().get(0), "is not supported in a view");
            }
            return super.visit(call);
          }
        });
  }

  @Override
  public @Nullable Void visit(SqlCall call) {
    if (call instanceof SqlWith with) {
      visitWith(with);
      return null;
    }
    if (call instanceof SqlSelect select && select.getWhere() != null) {
      select.setWhere(withCalls(select.getWhere(), select));
    }
    return super.visit(call);
  }

  /** Each query of a WITH sees the names before its own, and of a recursive one its own too. */
  private void visitWith(SqlWith with) {
    int outerCount = given.size();
    for (SqlNode item : with.withList) {
      SqlWithItem table = (SqlWithItem) item;
      if (table.recursive.booleanValue()) {
        given.push(table.name.getSimple());
      }
      table.query.accept(this);
      given.push(table.name.getSimple());
    }
    with.body.accept(this);
    while (given.size() > outerCount) {
      given.pop();
    }
  }

  private SqlNode withCalls(SqlNode condition, SqlSelect select) {
    if (condition instanceof SqlCall call && call.getKind() == SqlKind.AND) {
      for (int i = 0; i < call.operandCount(); i++) {
        call.setOperand(i, withCalls(call.operand(i), select));
      }
      return call;
    }
    return condition instanceof SqlCall call && call.getOperator() instanceof LockingClause clause
        ? calls(clause, select)
        : condition;
  }

  private SqlNode calls(LockingClause clause, SqlSelect select) {
    requireRowsOfTables(clause.items().get(0), select);
    List<Source> sources = new ArrayList<>();
    SqlNode from = select.getFrom();
    if (from != null) {
      addSources(from, false, sources);
    }
    List<SqlNode> calls = new ArrayList<>();
    for (LockingClause.Item item : clause.items()) {
      if (item.tables().isEmpty()) {
        for (Source source : sources) {
          if (isTable(source) || isQuery(source)) {
            calls.add(call(clause, item, source));
          }
        }
      }
      for (SqlIdentifier name : item.tables()) {
        calls.add(call(clause, item, named(name, item, sources)));
      }
    }
    SqlNode all = null;
    for (SqlNode call : calls) {
      all =
          all == null
              ? call
              : SqlStdOperatorTable.AND.createCall(call.getParserPosition(), all, call);
    }
    return all == null ? SqlLiteral.createBoolean(true, SqlParserPos.ZERO) : all;
  }

  /** The first clause of a query whose rows are locked, or null. */
  static LockingClause.@Nullable Item clause(SqlSelect select) {
    return select.getWhere() == null ? null : clause(select.getWhere());
  }

  private static LockingClause.@Nullable Item clause(SqlNode condition) {
    if (condition instanceof SqlCall call && call.getOperator() instanceof LockCall lock) {
      return lock.clause().items().get(0);
    }
    if (condition instanceof SqlCall call && call.getKind() == SqlKind.AND) {
      for (SqlNode operand : call.getOperandList()) {
        LockingClause.Item found = clause(operand);
        if (found != null) {
          return found;
        }
      }
    }
    return null;
  }

  private static void requireRowsOfTables(LockingClause.Item item, SqlSelect select) {
    for (SqlNode selected : select.getSelectList()) {
      selected.accept(
          new SqlBasicVisitor<@Nullable Void>() {
            @Override
            public @Nullable Void visit(SqlCall call) {
              if (call.getKind() == SqlKind.OVER) {
                throw LockingClause.refused(item, "is not allowed with window functions");
              }
              return call.isA(SqlKind.QUERY) ? null : super.visit(call);
            }
          });
    }
  }

  private static void addSources(SqlNode from, boolean isNullable, List<Source> sources) {
    if (from instanceof SqlJoin join) {
      JoinType type = join.getJoinType();
      boolean isLeft = type == JoinType.LEFT || type == JoinType.LEFT_ASOF;
      boolean isFull = type == JoinType.FULL;
      addSources(join.getLeft(), isNullable || isFull || type == JoinType.RIGHT, sources);
      addSources(join.getRight(), isNullable || isFull || isLeft, sources);
      return;
    }
    SqlNode node = from;
    String name = "";
    while (node.getKind() == SqlKind.AS || node.getKind() == SqlKind.LATERAL) {
      SqlCall call = (SqlCall) node;
      if (node.getKind() == SqlKind.AS && name.isEmpty()) {
        name = ((SqlIdentifier) call.operand(1)).getSimple();
      }
      node = call.operand(0);
    }
    if (name.isEmpty() && node instanceof SqlIdentifier table) {
      name = table.names.get(table.names.size() - 1);
    }
    sources.add(new Source(name, node, isNullable));
  }

  private boolean isTable(Source source) {
    return source.node instanceof SqlIdentifier id && !isGiven(id);
  }

  private boolean isGiven(SqlIdentifier table) {
    return table.isSimple() && given.contains(table.getSimple());
  }

  private static boolean isQuery(Source source) {
    return source.node.isA(SqlKind.QUERY) && source.node.getKind() != SqlKind.VALUES;
  }

  private static Source named(SqlIdentifier name, LockingClause.Item item, List<Source> sources) {
    for (Source source : sources) {
      if (source.name.equals(name.getSimple())) {
        return source;
      }
    }
    SqlParserPos position = name.getParserPosition();
    throw new PpdbException(
        ErrorCode.UNDEFINED_TABLE,
        "relation \""
            + name
            + "\" in "
            + item.strength().clause()
            + " clause not found in FROM clause"
            + StatementParser.at(position.getLineNum(), position.getColumnNum()));
  }

  private SqlNode call(LockingClause clause, LockingClause.Item item, Source source) {
    if (source.isNullable) {
      throw LockingClause.refused(item, "cannot be applied to the nullable side of an outer join");
    }
    if (!(source.node instanceof SqlIdentifier id)) {
      throw LockingClause.refused(item, "cannot be applied to " + kindOf(source.node));
    }
    if (isGiven(id)) {
      throw LockingClause.refused(item, "cannot be applied to a WITH query");
    }
    TableAccess access = catalog.table(id.names);
    if (access == null) {
      SqlParserPos position = id.getParserPosition();
      throw new PpdbException(
          ErrorCode.UNDEFINED_TABLE,
          "relation \""
              + String.join(".", id.names)
              + "\" does not exist"
              + StatementParser.at(position.getLineNum(), position.getColumnNum()));
    }
    TableDefinition table = access.table();
    if (access instanceof ViewAccess || MaterializedView.is(table)) {
      throw LockingClause.refused(item, "cannot be applied to view \"" + table.name() + "\"");
    }
    if (!table.hasPrimaryKey() || !table.kind().equals(TableDefinition.ROW_KIND)) {
      throw LockingClause.refused(
          item, "needs rows with a primary key: table \"" + table.name() + "\" has none");
    }
    catalog.require(table, Privilege.UPDATE, List.of());
    List<SqlNode> keys = new ArrayList<>();
    for (int ordinal : table.primaryKey()) {
      keys.add(
          new SqlIdentifier(List.of(source.name, table.column(ordinal).name()), item.position()));
    }
    return new LockCall(access, source.name, item.strength(), item.waiting(), clause)
        .createCall(item.position(), keys);
  }

  private static String kindOf(SqlNode node) {
    if (node.getKind() == SqlKind.VALUES) {
      return "VALUES";
    }
    return node.isA(SqlKind.QUERY) ? "a sub-query: it is to lock its rows itself" : "a function";
  }
}
