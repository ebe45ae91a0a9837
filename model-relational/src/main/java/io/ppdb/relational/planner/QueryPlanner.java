package io.ppdb.relational.planner;

import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.PpdbException;
import io.ppdb.relational.ResultColumn;
import io.ppdb.relational.catalog.ColumnDefinition;
import io.ppdb.relational.catalog.TableDefinition;
import io.ppdb.relational.exec.ExecutionContext;
import io.ppdb.relational.exec.Operator;
import io.ppdb.relational.expr.PpdbOperatorTable;
import io.ppdb.relational.parser.StatementParser;
import io.ppdb.relational.planner.LogicalPlanner.LogicalQuery;
import io.ppdb.relational.spi.IndexExpressions;
import io.ppdb.relational.spi.TableAccess;
import io.ppdb.relational.spi.TableFunction;
import io.ppdb.relational.statistics.TableStatistics;
import io.ppdb.relational.type.ColumnType;
import io.ppdb.relational.type.TypeKind;
import io.ppdb.relational.vector.Vector;
import io.ppdb.relational.vector.VectorBatch;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.calcite.rel.RelRoot;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeField;
import org.apache.calcite.rex.RexDynamicParam;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexUtil;
import org.apache.calcite.rex.RexVisitorImpl;
import org.apache.calcite.runtime.CalciteContextException;
import org.apache.calcite.sql.SqlDataTypeSpec;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlLiteral;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.SqlOperatorTable;
import org.apache.calcite.sql.SqlSelect;
import org.apache.calcite.sql.fun.SqlLibraryOperators;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.sql.util.SqlOperatorTables;
import org.jspecify.annotations.Nullable;

/** Plans queries: the door of this package. Thread-safe. */
public final class QueryPlanner {
  /** The schema in which the target of an UPDATE or DELETE has its locator columns. */
  public static final String TARGET_SCHEMA = StatementValidator.TARGET_SCHEMA;

  /** The first of the columns that locate a row, in a table that has no primary key. */
  public static final String LOCATOR_COLUMN = ResolvedTable.LOCATOR + "0";

  /** The title of a node that locks rows. */
  static final String LOCK_ROWS = "Lock Rows";

  private final SqlOperatorTable operators;
  private final List<? extends SystemSchema> systemSchemas;
  private final IndexTrees indexTrees = new IndexTrees();

  /**
   * @param functions what {@code FROM TABLE(name(…))} can call
   * @param systemSchemas schemas that are there beside those of the catalog
   */
  public QueryPlanner(List<TableFunction> functions, List<? extends SystemSchema> systemSchemas) {
    this.systemSchemas = List.copyOf(systemSchemas);
    this.operators =
        SqlOperatorTables.chain(
            SqlOperatorTables.of(
                functions.stream()
                    .map(function -> new TableFunctionOperator(function, true))
                    .toList()),
            SqlOperatorTables.of(
                Stream.of(GenerateSeries.all(), JsonRows.all(), RegexRows.all())
                    .flatMap(List::stream)
                    .map(function -> new TableFunctionOperator(function, false))
                    .toList()),
            SqlOperatorTables.of(SqlLibraryOperators.INFIX_CAST),
            PpdbOperatorTable.instance());
  }

  /**
   * A plan with what a caller sees of it.
   *
   * @param columns the columns of its rows
   * @param parameterTypes the types of the parameters, by index
   * @param dependencies the tables it was made for
   */
  public record PlannedQuery(
      PlanNode root,
      List<ResultColumn> columns,
      List<ColumnType> parameterTypes,
      Dependencies dependencies) {}

  /** Plans {@code query} against the catalog as {@code catalog} shows it. */
  public PlannedQuery plan(CatalogView catalog, SqlNode query) {
    return plan(catalog, query, null);
  }

  /** Plans {@code original}, which may read {@code given} rows besides. */
  public PlannedQuery plan(CatalogView catalog, SqlNode original, @Nullable TableAccess given) {
    SqlNode query = QueryRewrites.apply(original);
    RowLocking.apply(query, catalog);
    OutputNames names = OutputNames.apply(query);
    StatementIndexes indexes = indexes(catalog);
    LogicalPlanner logical = logicalPlanner(catalog, given, indexes);
    LogicalQuery rewritten = logical.plan(query);
    PlanNode plan;
    try {
      plan =
          new PhysicalPlanner(logical.rexBuilder(), indexes)
              .plan(rewritten.root().rel, Request.ANY);
    } catch (RuntimeException e) {
      throw ValidationErrors.translate(e);
    }
    plan = withoutHidden(plan, rewritten.root());
    return new PlannedQuery(
        plan, columns(rewritten, names, given), rewritten.parameterTypes(), catalog.dependencies());
  }

  /** Whether {@code plan} locks rows, for which it needs a transaction that may write. */
  public static boolean locksRows(PlanNode plan) {
    return plan.title().equals(LOCK_ROWS)
        || plan.inputs().stream().anyMatch(QueryPlanner::locksRows);
  }

  /** A parser that allows what this planner understands. */
  public static StatementParser parser() {
    return new StatementParser(StatementValidator.CONFORMANCE);
  }

  /** {@code CAST(node AS type)}. */
  public static SqlNode cast(SqlNode node, ColumnType type) {
    return ColumnTypeName.cast(node, type);
  }

  /**
   * {@code CAST(node AS type)} of a value for {@code column}, which fails if there is no such cast
   * or only one that a statement has to ask for.
   */
  public static SqlNode assignment(SqlNode node, ColumnType type, ColumnDefinition column) {
    return ColumnTypeName.assignment(node, type, column);
  }

  private LogicalPlanner logicalPlanner(
      CatalogView catalog, @Nullable TableAccess given, StatementIndexes indexes) {
    return new LogicalPlanner(catalog, operators, otherSchemas(given), indexes);
  }

  private StatementIndexes indexes(CatalogView catalog) {
    return new StatementIndexes(catalog, table -> indexExpressions(catalog, table));
  }

  /** What the indexes of {@code table} compute. */
  public IndexExpressions indexExpressions(CatalogView catalog, TableDefinition table) {
    return indexTrees.get(
        table,
        text ->
            rowExpressions(catalog, table, List.of(parser().parseExpression(text)))
                .expressions()
                .get(0),
        text -> rowCondition(catalog, table, parser().parseExpression(text)));
  }

  private Map<String, CatalogSchema> otherSchemas(@Nullable TableAccess given) {
    Map<String, CatalogSchema> schemas = new HashMap<>();
    for (SystemSchema system : systemSchemas) {
      schemas.put(
          system.name(),
          CatalogSchema.ofTables(
              name -> {
                TableAccess table = system.table(name);
                return table == null ? null : new ResolvedTable(table, false, TableStatistics.NONE);
              }));
    }
    CatalogSchema rows =
        CatalogSchema.ofTables(
            name ->
                given != null && given.table().name().equals(name)
                    ? new ResolvedTable(given, false, TableStatistics.NONE)
                    : null);
    schemas.put(GivenRows.SCHEMA, rows);
    return schemas;
  }

  /**
   * The text of a query as a view keeps it: with the columns that its stars stand for in their
   * place, and with the schemas of its tables.
   */
  public String lastingQuery(CatalogView catalog, String query) {
    RowLocking.refuse(parser().parse(query));
    return StarExpansion.expand(
        TableQualification.apply(query, catalog),
        StatementValidator.create(catalog, operators, otherSchemas(null)));
  }

  /** Whether {@code query} names a column of {@code table}. */
  public boolean namesColumn(
      CatalogView catalog, String query, TableDefinition table, String column) {
    SqlNode parsed = QueryRewrites.apply(parser().parse(query));
    return ColumnUses.contains(
        StatementValidator.create(catalog, operators, otherSchemas(null)).validate(parsed),
        table,
        column);
  }

  /**
   * A condition on a row of {@code table}.
   *
   * @param clause what messages call it, for instance {@code CHECK}
   */
  public RowExpressions rowCondition(
      CatalogView catalog, TableDefinition table, SqlNode condition, String clause) {
    RowExpressions expressions = rowExpressions(catalog, table, List.of(condition));
    SqlParserPos position = condition.getParserPosition();
    String at = StatementParser.at(position.getLineNum(), position.getColumnNum());
    RexNode expression = expressions.expressions().get(0);
    ColumnType type = ColumnType.fromCalcite(expression.getType());
    if (type.kind() != TypeKind.BOOLEAN) {
      throw new PpdbException(
          ErrorCode.DATATYPE_MISMATCH,
          "argument of " + clause + " must be type boolean, not type " + type + at);
    }
    return expressions;
  }

  /** Expressions over the columns of a row of {@code table}. */
  public RowExpressions rowExpressions(
      CatalogView catalog, TableDefinition table, List<SqlNode> expressions) {
    GivenRows rows = GivenRows.of(table.schema(), table.name(), table.columns());
    SqlNode from = new SqlIdentifier(List.of(GivenRows.SCHEMA, table.name()), SqlParserPos.ZERO);
    SqlNode query = select(new SqlNodeList(expressions, SqlParserPos.ZERO), from);
    List<RexNode> found =
        logicalPlanner(catalog.ofQuery(), rows, indexes(catalog)).rowExpressions(query);
    for (int i = 0; i < found.size(); i++) {
      requireRowExpression(expressions.get(i), found.get(i));
    }
    List<ColumnType> types = table.columns().stream().map(ColumnDefinition::type).toList();
    return new RowExpressions(types, found);
  }

  /**
   * The unique indexes of {@code table}, by their places in it, that ON CONFLICT means.
   *
   * @param elements columns and expressions
   * @param condition on the rows that the indexes cover; null if there is none
   */
  public List<Integer> uniqueIndexes(
      CatalogView catalog,
      TableDefinition table,
      List<SqlNode> elements,
      @Nullable SqlNode condition) {
    return new IndexInference(indexExpressions(catalog, table))
        .infer(
            rowExpressions(catalog, table, elements).expressions(),
            condition == null ? null : rowCondition(catalog, table, condition));
  }

  /** A condition on a row of {@code table}, simplified for a use that takes NULL for false. */
  private RexNode rowCondition(CatalogView catalog, TableDefinition table, SqlNode condition) {
    GivenRows rows = GivenRows.of(table.schema(), table.name(), table.columns());
    SqlNode from = new SqlIdentifier(List.of(GivenRows.SCHEMA, table.name()), SqlParserPos.ZERO);
    SqlNodeList list = SqlNodeList.of(SqlLiteral.createBoolean(true, SqlParserPos.ZERO));
    return logicalPlanner(catalog.ofQuery(), rows, indexes(catalog))
        .rowCondition(select(list, from, condition));
  }

  private static void requireRowExpression(SqlNode node, RexNode expression) {
    SqlParserPos position = node.getParserPosition();
    String at = StatementParser.at(position.getLineNum(), position.getColumnNum());
    if (RexUtil.SubQueryFinder.find(expression) != null) {
      throw new PpdbException(
          ErrorCode.NOT_SUPPORTED, "a query is not allowed in an expression of a row" + at);
    }
    expression.accept(
        new RexVisitorImpl<@Nullable Void>(true) {
          @Override
          public @Nullable Void visitDynamicParam(RexDynamicParam parameter) {
            throw new PpdbException(
                ErrorCode.UNDEFINED_PARAMETER,
                "there is no parameter $" + (parameter.getIndex() + 1) + at);
          }
        });
  }

  private static SqlSelect select(SqlNodeList list, @Nullable SqlNode from) {
    return select(list, from, null);
  }

  private static SqlSelect select(
      SqlNodeList list, @Nullable SqlNode from, @Nullable SqlNode where) {
    return new SqlSelect(
        SqlParserPos.ZERO, null, list, from, where, null, null, null, null, null, null, null, null);
  }

  /** The type that {@code spec} names. */
  public ColumnType typeOf(CatalogView catalog, SqlDataTypeSpec spec) {
    StatementParser.requireLength(spec);
    RelDataType type;
    try {
      type = spec.deriveType(StatementValidator.create(catalog, operators, Map.of()), true);
    } catch (CalciteContextException e) {
      throw new PpdbException(
          ErrorCode.UNDEFINED_OBJECT,
          "type \""
              + spec.getTypeName()
              + "\" does not exist"
              + StatementParser.at(e.getPosLine(), e.getPosColumn()),
          e);
    }
    return ColumnType.fromCalcite(type);
  }

  /** Fails if {@code expression} has no value of {@code type}: for defaults of columns. */
  public void checkExpression(CatalogView catalog, SqlNode expression, ColumnType type) {
    PlannedQuery query = plan(catalog, select(SqlNodeList.of(cast(expression, type)), null));
    ExecutionContext context =
        ExecutionContext.builder()
            .view(catalog.view())
            .statementInstant(Instant.now())
            .sequences(new NoSequences())
            .session(new NoSession())
            .build();
    try (Operator value = query.root().build(context)) {
      value.open(context);
      value.next();
    }
  }

  /** Whether {@code expression}, which reads no column, has one value however often it is asked. */
  public boolean isTheSameForAllRows(CatalogView catalog, SqlNode expression) {
    TableDefinition none =
        GivenRows.of(
                "", "none", List.of(new ColumnDefinition("none", ColumnType.INTEGER, true, null)))
            .table();
    return RexUtil.isDeterministic(
        rowExpressions(catalog, none, List.of(expression)).expressions().get(0));
  }

  /** The first row that {@code query} has at the view of {@code catalog}, or null. */
  public @Nullable List<@Nullable Object> firstRow(CatalogView catalog, String query) {
    return firstRow(
        catalog,
        query,
        ExecutionContext.builder().view(catalog.view()).statementInstant(Instant.now()).build());
  }

  /**
   * The first row that {@code query} has, or null.
   *
   * @param context what it runs with, at the view of {@code catalog}
   */
  public @Nullable List<@Nullable Object> firstRow(
      CatalogView catalog, String query, ExecutionContext context) {
    PlannedQuery planned = plan(catalog, parser().parse(query));
    try (Operator rows = planned.root().build(context)) {
      rows.open(context);
      VectorBatch batch = rows.next();
      if (batch == null) {
        return null;
      }
      List<@Nullable Object> values = new ArrayList<>();
      for (Vector column : batch.columns()) {
        values.add(column.getObject(batch.position(0)));
      }
      return values;
    }
  }

  /** Drops columns that were added to sort by. */
  private static PlanNode withoutHidden(PlanNode plan, RelRoot root) {
    int[] fields = root.fields.leftList().stream().mapToInt(Integer::intValue).toArray();
    boolean same = fields.length == plan.types().size();
    for (int i = 0; same && i < fields.length; i++) {
      same = fields[i] == i;
    }
    return same ? plan : PlanNodes.columns(plan, fields);
  }

  private static List<ResultColumn> columns(
      LogicalQuery query, OutputNames names, @Nullable TableAccess given) {
    List<ResultColumn> columns = new ArrayList<>();
    List<RelDataTypeField> fields = query.rowType().getFieldList();
    for (int i = 0; i < fields.size(); i++) {
      RelDataTypeField field = fields.get(i);
      List<String> origin = i < query.origins().size() ? query.origins().get(i) : List.of();
      boolean known = origin != null && origin.size() >= 3;
      String column = known ? origin.get(origin.size() - 1) : "";
      String label = names.label(field.getName(), i, column, query.rowType().getFieldNames());
      columns.add(
          new ResultColumn(
              label,
              ColumnType.fromCalcite(field.getType()),
              field.getType().isNullable(),
              known ? schema(origin.get(origin.size() - 3), given) : "",
              known ? origin.get(origin.size() - 2) : "",
              known ? column : label));
    }
    return columns;
  }

  private static String schema(String name, @Nullable TableAccess given) {
    return given instanceof GivenRows rows && name.equals(GivenRows.SCHEMA) ? rows.origin() : name;
  }
}
