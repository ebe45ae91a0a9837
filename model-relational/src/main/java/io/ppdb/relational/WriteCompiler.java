package io.ppdb.relational;

import io.ppdb.relational.CompiledStatement.Write;
import io.ppdb.relational.WriteTarget.Assignments;
import io.ppdb.relational.access.Privilege;
import io.ppdb.relational.catalog.ColumnDefinition;
import io.ppdb.relational.constraint.Constraints;
import io.ppdb.relational.parser.MergeNode;
import io.ppdb.relational.parser.StatementParser;
import io.ppdb.relational.parser.SyntaxTrees;
import io.ppdb.relational.parser.WriteNode;
import io.ppdb.relational.planner.CatalogView;
import io.ppdb.relational.planner.GivenRows;
import io.ppdb.relational.planner.QueryPlanner;
import io.ppdb.relational.planner.QueryPlanner.PlannedQuery;
import io.ppdb.relational.type.ColumnType;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.calcite.sql.JoinConditionType;
import org.apache.calcite.sql.JoinType;
import org.apache.calcite.sql.SqlDelete;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlInsert;
import org.apache.calcite.sql.SqlJoin;
import org.apache.calcite.sql.SqlLiteral;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.SqlUpdate;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.jspecify.annotations.Nullable;

/**
 * Compiles INSERT, UPDATE, DELETE and MERGE by making queries of them: a query gives the rows, a
 * writer stores them, another query of what was written gives what RETURNING asks for.
 */
final class WriteCompiler {
  private final StatementParser parser;
  private final QueryPlanner planner;
  private final InsertCompiler inserts;
  private final ConflictCompiler conflicts;
  private final Constraints constraints;
  private final MergeCompiler merges;

  WriteCompiler(StatementParser parser, QueryPlanner planner, Constraints constraints) {
    this.parser = parser;
    this.planner = planner;
    this.constraints = constraints;
    this.inserts = new InsertCompiler(parser, planner);
    this.conflicts = new ConflictCompiler(parser, planner);
    this.merges = new MergeCompiler(parser, planner);
  }

  Write compile(WriteNode node, CatalogView catalog) {
    Map<Integer, ColumnType> parameters = new TreeMap<>();
    if (node.statement() instanceof SqlInsert insert) {
      WriteTarget target =
          WriteTarget.find(insert.getTargetTable(), node.alias(), catalog, constraints);
      ConflictAction onConflict =
          node.onConflict() == null
              ? null
              : conflicts.compile(node.onConflict(), target, catalog, parameters);
      if (node.commonTables() != null) {
        insert.setOperand(2, SqlTrees.with(node.commonTables(), insert.getSource()));
      }
      WritePlan plan = inserts.compile(insert, target, onConflict, catalog, parameters);
      return write(plan, node, new GivenColumns(target, false), catalog, parameters);
    }
    if (node.statement() instanceof SqlUpdate update) {
      WriteTarget target =
          WriteTarget.find(update.getTargetTable(), update.getAlias(), catalog, constraints);
      catalog.require(
          target.table(), Privilege.UPDATE, target.columnNames(update.getTargetColumnList()));
      Assignments set =
          target.assignments(
              update.getTargetColumnList(), update.getSourceExpressionList(), parser);
      return modify(target, update.getTargetTable(), set, update.getCondition(), node, catalog);
    }
    if (node.statement() instanceof MergeNode merge) {
      WriteTarget target = WriteTarget.find(merge.target(), merge.alias(), catalog, constraints);
      WritePlan plan = merges.compile(merge, node.commonTables(), target, catalog, parameters);
      return write(plan, node, new GivenColumns(target, false), catalog, parameters);
    }
    SqlDelete delete = (SqlDelete) node.statement();
    WriteTarget target =
        WriteTarget.find(delete.getTargetTable(), delete.getAlias(), catalog, constraints);
    catalog.require(target.table(), Privilege.DELETE, List.of());
    return modify(target, delete.getTargetTable(), null, delete.getCondition(), node, catalog);
  }

  /**
   * An UPDATE or DELETE: a query of the rows of the target that meet {@code condition}, then the
   * new values, then what RETURNING may ask of other tables.
   */
  private Write modify(
      WriteTarget target,
      SqlNode table,
      @Nullable Assignments set,
      @Nullable SqlNode condition,
      WriteNode node,
      CatalogView catalog) {
    SqlNodeList list = new SqlNodeList(table.getParserPosition());
    list.add(star(target.name()));
    List<SqlNode> values = set == null ? List.of() : set.values();
    for (int i = 0; i < values.size(); i++) {
      list.add(SqlTrees.alias(values.get(i), SqlTrees.identifier("$new" + i)));
    }
    SqlNode from =
        SqlTrees.alias(
            new SqlIdentifier(target.names(), table.getParserPosition()),
            SqlTrees.identifier(target.name()));
    GivenColumns given = new GivenColumns(target, false);
    SqlNode others = node.from();
    if (others != null) {
      if (node.returning() != null) {
        for (String alias : aliases(others)) {
          given.add(alias, columns(alias, others, node.commonTables(), catalog));
          list.add(star(alias));
        }
      }
      from = commaJoin(from, others);
    }
    SqlNode query =
        SqlTrees.with(
            node.commonTables(), SqlTrees.select(table.getParserPosition(), list, from, condition));
    List<Integer> indexes = SqlTrees.parameters(query);
    PlannedQuery planned = planner.plan(catalog, query);
    Map<Integer, ColumnType> parameters = new TreeMap<>();
    addParameters(indexes, planned, parameters);
    ModifyRows plan =
        new ModifyRows(
            target.access(),
            planned.root(),
            set == null ? List.of() : set.ordinals(),
            set == null,
            others != null);
    return write(plan, node, given, catalog, parameters);
  }

  private static SqlIdentifier star(String alias) {
    return SqlIdentifier.star(
        List.of(alias, ""), SqlParserPos.ZERO, List.of(SqlParserPos.ZERO, SqlParserPos.ZERO));
  }

  private static SqlNode commaJoin(SqlNode left, SqlNode right) {
    return new SqlJoin(
        SqlParserPos.ZERO,
        left,
        SqlLiteral.createBoolean(false, SqlParserPos.ZERO),
        JoinType.COMMA.symbol(SqlParserPos.ZERO),
        right,
        JoinConditionType.NONE.symbol(SqlParserPos.ZERO),
        null);
  }

  private static Set<String> aliases(SqlNode from) {
    Set<String> names = new LinkedHashSet<>();
    GivenColumns.addNames(from, names);
    return names;
  }

  /** The columns of what a FROM clause calls {@code alias}. */
  private List<ColumnDefinition> columns(
      String alias, SqlNode from, @Nullable SqlNodeList commonTables, CatalogView catalog) {
    SqlNode copy = SyntaxTrees.copy(from);
    SqlNode query =
        SqlTrees.with(
            commonTables,
            SqlTrees.select(SqlParserPos.ZERO, SqlNodeList.of(star(alias)), copy, null));
    List<ColumnDefinition> columns = new ArrayList<>();
    for (ResultColumn column : planner.plan(catalog, query).columns()) {
      columns.add(new ColumnDefinition(column.name(), column.type(), true, null));
    }
    return columns;
  }

  private Write write(
      WritePlan plan,
      WriteNode node,
      GivenColumns given,
      CatalogView catalog,
      Map<Integer, ColumnType> parameters) {
    Returning returning = null;
    if (node.returning() != null) {
      SqlNode query =
          SqlTrees.with(
              node.commonTables(),
              SqlTrees.select(
                  node.returning().getParserPosition(),
                  given.rewriteList(node.returning()),
                  given.from(),
                  null));
      List<Integer> indexes = SqlTrees.parameters(query);
      GivenRows rows = given.rows();
      PlannedQuery planned = planner.plan(catalog, query, rows);
      addParameters(indexes, planned, parameters);
      List<ColumnType> types = rows.table().columns().stream().map(ColumnDefinition::type).toList();
      returning = new Returning(planned.root(), planned.columns(), types);
    }
    return new Write(plan, returning, List.copyOf(parameters.values()), catalog.dependencies());
  }

  /** Adds the types of the parameters of one query of a statement. */
  static void addParameters(
      List<Integer> indexes, PlannedQuery planned, Map<Integer, ColumnType> parameters) {
    for (int i = 0; i < indexes.size(); i++) {
      parameters.put(indexes.get(i), planned.parameterTypes().get(i));
    }
  }
}
