package io.ppdb.relational;

import com.google.common.primitives.Ints;
import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.PpdbException;
import io.ppdb.relational.WriteTarget.Assignments;
import io.ppdb.relational.access.Privilege;
import io.ppdb.relational.catalog.ColumnDefinition;
import io.ppdb.relational.parser.MergeNode;
import io.ppdb.relational.parser.MergeNode.Action;
import io.ppdb.relational.parser.StatementParser;
import io.ppdb.relational.parser.SyntaxTrees;
import io.ppdb.relational.planner.CatalogView;
import io.ppdb.relational.planner.QueryPlanner;
import io.ppdb.relational.planner.QueryPlanner.PlannedQuery;
import io.ppdb.relational.type.ColumnType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.calcite.sql.JoinConditionType;
import org.apache.calcite.sql.JoinType;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlJoin;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlLiteral;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.fun.SqlCase;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.jspecify.annotations.Nullable;

/**
 * Compiles MERGE: the source joined with the target, for each row the number of the clause that
 * takes it and the values that each clause writes.
 */
final class MergeCompiler {
  private final StatementParser parser;
  private final QueryPlanner planner;

  MergeCompiler(StatementParser parser, QueryPlanner planner) {
    this.parser = parser;
    this.planner = planner;
  }

  /**
   * The plan of {@code merge}.
   *
   * @param parameters receives the types of its parameters
   */
  MergeRows compile(
      MergeNode merge,
      @Nullable SqlNodeList commonTables,
      WriteTarget target,
      CatalogView catalog,
      Map<Integer, ColumnType> parameters) {
    SqlNodeList list = new SqlNodeList(SqlParserPos.ZERO);
    list.add(
        SqlIdentifier.star(
            List.of(target.name(), ""),
            SqlParserPos.ZERO,
            List.of(SqlParserPos.ZERO, SqlParserPos.ZERO)));
    List<SqlNode> conditions = new ArrayList<>();
    for (MergeNode.Clause clause : merge.clauses()) {
      require(clause, target, catalog);
      conditions.add(condition(clause, target));
    }
    list.add(SqlTrees.alias(choice(conditions), SqlTrees.identifier("$action")));
    int next = target.table().columns().size() + target.access().locatorTypes().size() + 1;
    List<MergeRows.Clause> clauses = new ArrayList<>();
    for (int i = 0; i < conditions.size(); i++) {
      MergeNode.Clause clause = merge.clauses().get(i);
      Assignments values = values(clause, target);
      clauses.add(new MergeRows.Clause(clause.action(), values.ordinals(), next));
      for (SqlNode value : values.values()) {
        SqlNode guarded = when(conditions.get(i), value);
        list.add(SqlTrees.alias(guarded, SqlTrees.identifier("$new" + next++)));
      }
    }
    SqlNode query =
        SqlTrees.with(
            commonTables,
            SqlTrees.select(merge.getParserPosition(), list, join(merge, target), null));
    List<Integer> indexes = SqlTrees.parameters(query);
    PlannedQuery planned = planner.plan(catalog, query);
    WriteCompiler.addParameters(indexes, planned, parameters);
    return new MergeRows(target.access(), planned.root(), clauses);
  }

  /** Asks for the right to do what a clause does. */
  private static void require(MergeNode.Clause clause, WriteTarget target, CatalogView catalog) {
    List<String> named = target.columnNames(clause.columns());
    switch (clause.action()) {
      case INSERT -> {
        int count = Math.min(clause.values().size(), target.table().columns().size());
        List<String> first = target.columnNames(IntStream.range(0, count).boxed().toList());
        catalog.require(target.table(), Privilege.INSERT, named.isEmpty() ? first : named);
      }
      case UPDATE -> catalog.require(target.table(), Privilege.UPDATE, named);
      case DELETE -> catalog.require(target.table(), Privilege.DELETE, List.of());
      case NOTHING -> {}
    }
  }

  /** What rows a clause is about: a column that is never NULL is, where no row was found. */
  private static SqlNode condition(MergeNode.Clause clause, WriteTarget target) {
    if (clause.isMatched() == (clause.action() == Action.INSERT)
        && clause.action() != Action.NOTHING) {
      throw new PpdbException(
          ErrorCode.SYNTAX_ERROR,
          clause.action()
              + " cannot follow WHEN "
              + (clause.isMatched() ? "MATCHED" : "NOT MATCHED")
              + SqlTrees.at(clause));
    }
    String column =
        target.access().locatorTypes().isEmpty()
            ? target.table().column(target.table().primaryKey().get(0)).name()
            : QueryPlanner.LOCATOR_COLUMN;
    SqlNode known =
        (clause.isMatched() ? SqlStdOperatorTable.IS_NOT_NULL : SqlStdOperatorTable.IS_NULL)
            .createCall(SqlParserPos.ZERO, SqlTrees.identifier(target.name(), column));
    SqlNode further = clause.condition();
    return further == null
        ? known
        : SqlStdOperatorTable.AND.createCall(clause.getParserPosition(), known, further);
  }

  /** The number of the first condition that holds, or -1. */
  private static SqlNode choice(List<SqlNode> conditions) {
    SqlNodeList numbers = new SqlNodeList(SqlParserPos.ZERO);
    for (int i = 0; i < conditions.size(); i++) {
      numbers.add(number(i));
    }
    return QueryPlanner.cast(
        new SqlCase(
            SqlParserPos.ZERO,
            null,
            new SqlNodeList(conditions, SqlParserPos.ZERO),
            numbers,
            number(-1)),
        ColumnType.INTEGER);
  }

  private static SqlNode number(int value) {
    return SqlLiteral.createExactNumeric(Integer.toString(value), SqlParserPos.ZERO);
  }

  /** {@code value}, computed only for rows that the clause may take. */
  private static SqlNode when(SqlNode condition, SqlNode value) {
    return new SqlCase(
        SqlParserPos.ZERO,
        null,
        SqlNodeList.of(SyntaxTrees.copy(condition)),
        SqlNodeList.of(value),
        SqlLiteral.createNull(SqlParserPos.ZERO));
  }

  private Assignments values(MergeNode.Clause clause, WriteTarget target) {
    return switch (clause.action()) {
      case NOTHING, DELETE -> new Assignments(List.of(), List.of());
      case UPDATE -> target.assignments(clause.columns(), clause.values(), parser);
      case INSERT -> inserted(clause, target);
    };
  }

  /** Values for all columns: those of the clause, and defaults. */
  private Assignments inserted(MergeNode.Clause clause, WriteTarget target) {
    List<ColumnDefinition> columns = target.table().columns();
    int[] named = new int[clause.values().size()];
    int namedCount = clause.columns().isEmpty() ? columns.size() : clause.columns().size();
    boolean defaults = clause.values().isEmpty() && clause.columns().isEmpty();
    if (!defaults
        && (named.length > namedCount
            || (!clause.columns().isEmpty() && named.length != namedCount))) {
      throw new PpdbException(
          ErrorCode.SYNTAX_ERROR,
          "INSERT has "
              + named.length
              + " expressions for "
              + namedCount
              + " target columns"
              + SqlTrees.at(clause));
    }
    for (int i = 0; i < named.length; i++) {
      named[i] =
          clause.columns().isEmpty() ? i : target.ordinal((SqlIdentifier) clause.columns().get(i));
    }
    List<Integer> ordinals = new ArrayList<>();
    List<SqlNode> values = new ArrayList<>();
    for (int ordinal = 0; ordinal < columns.size(); ordinal++) {
      int position = Ints.indexOf(named, ordinal);
      ColumnDefinition column = columns.get(ordinal);
      SqlNode given = position < 0 ? null : clause.values().get(position);
      if (given != null && !column.isAssignable()) {
        GeneratedColumns.requireDefault(given, column, "takes no value but DEFAULT");
      }
      if (column.isStored()) {
        continue;
      }
      SqlNode value =
          given == null || given.getKind() == SqlKind.DEFAULT
              ? WriteTarget.defaultExpression(column, parser)
              : given;
      ordinals.add(ordinal);
      values.add(QueryPlanner.assignment(value, RowChecks.writeType(column.type()), column));
    }
    GeneratedColumns.addAssignments(target, ordinals, values, parser);
    List<SqlNode> byOrdinal = new ArrayList<>();
    for (int ordinal = 0; ordinal < columns.size(); ordinal++) {
      byOrdinal.add(values.get(ordinals.indexOf(ordinal)));
    }
    return new Assignments(IntStream.range(0, columns.size()).boxed().toList(), byOrdinal);
  }

  private static SqlNode join(MergeNode merge, WriteTarget target) {
    SqlNode table =
        SqlTrees.alias(
            new SqlIdentifier(target.names(), merge.target().getParserPosition()),
            SqlTrees.identifier(target.name()));
    return new SqlJoin(
        SqlParserPos.ZERO,
        merge.source(),
        SqlLiteral.createBoolean(false, SqlParserPos.ZERO),
        JoinType.LEFT.symbol(SqlParserPos.ZERO),
        table,
        JoinConditionType.ON.symbol(SqlParserPos.ZERO),
        merge.condition());
  }
}
