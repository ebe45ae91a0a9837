package io.ppdb.relational;

import com.google.common.primitives.Ints;
import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.PpdbException;
import io.ppdb.relational.CompiledStatement.Write;
import io.ppdb.relational.InsertRows.Cell;
import io.ppdb.relational.catalog.Catalog;
import io.ppdb.relational.catalog.ColumnDefinition;
import io.ppdb.relational.catalog.TableDefinition;
import io.ppdb.relational.parser.StatementParser;
import io.ppdb.relational.planner.CatalogView;
import io.ppdb.relational.planner.QueryPlanner;
import io.ppdb.relational.planner.QueryPlanner.PlannedQuery;
import io.ppdb.relational.spi.TableAccess;
import io.ppdb.relational.type.ColumnType;
import io.ppdb.relational.type.TypeKind;
import java.math.BigDecimal;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.apache.calcite.sql.SqlBasicCall;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlDelete;
import org.apache.calcite.sql.SqlDynamicParam;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlInsert;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlLiteral;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.SqlSelect;
import org.apache.calcite.sql.SqlUpdate;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.sql.type.SqlTypeName;
import org.jspecify.annotations.Nullable;

/**
 * Compiles INSERT, UPDATE and DELETE by making queries of them: a query gives the rows, a writer
 * stores them. An INSERT of constants and parameters needs no query.
 */
final class WriteCompiler {
  private final StatementParser parser;
  private final QueryPlanner planner;

  WriteCompiler(StatementParser parser, QueryPlanner planner) {
    this.parser = parser;
    this.planner = planner;
  }

  Write insert(SqlInsert insert, CatalogView catalog) {
    TableAccess table = target(insert.getTargetTable(), catalog);
    int[] columns = targetColumns(insert, table.table());
    SqlNode source = insert.getSource();
    if (source.getKind() == SqlKind.VALUES) {
      List<List<SqlNode>> rows = rows((SqlCall) source, columns.length, table.table());
      Write direct = insertRows(table, columns, rows, catalog);
      if (direct != null) {
        return direct;
      }
      columns = Arrays.copyOf(columns, rows.get(0).size());
      source = castRows((SqlCall) source, columns, rows, table.table());
    }
    PlannedQuery query = planner.plan(catalog, fullRows(source, columns, table.table()));
    return new Write(
        new InsertQuery(table, query.root()), query.parameterTypes(), query.dependencies());
  }

  private static int[] targetColumns(SqlInsert insert, TableDefinition table) {
    SqlNodeList names = insert.getTargetColumnList();
    if (names == null) {
      return IntStream.range(0, table.columns().size()).toArray();
    }
    int[] columns = new int[names.size()];
    for (int i = 0; i < columns.length; i++) {
      columns[i] = column(table, (SqlIdentifier) names.get(i));
      for (int j = 0; j < i; j++) {
        if (columns[j] == columns[i]) {
          throw new PpdbException(
              ErrorCode.DUPLICATE_COLUMN,
              "column \"" + names.get(i) + "\" specified more than once" + at(names.get(i)));
        }
      }
    }
    return columns;
  }

  private static int column(TableDefinition table, SqlIdentifier name) {
    String simple = name.names.get(name.names.size() - 1);
    int ordinal = table.columnIndex(simple);
    if (ordinal < 0) {
      throw new PpdbException(
          ErrorCode.UNDEFINED_COLUMN,
          "column \""
              + simple
              + "\" of relation \""
              + table.name()
              + "\" does not exist"
              + at(name));
    }
    return ordinal;
  }

  private static String at(SqlNode node) {
    SqlParserPos position = node.getParserPosition();
    return StatementParser.at(position.getLineNum(), position.getColumnNum());
  }

  private static List<List<SqlNode>> rows(SqlCall values, int columnCount, TableDefinition table) {
    List<List<SqlNode>> rows = new ArrayList<>();
    for (SqlNode row : values.getOperandList()) {
      List<SqlNode> cells = ((SqlCall) row).getOperandList();
      if (cells.size() > columnCount) {
        throw new PpdbException(
            ErrorCode.SYNTAX_ERROR,
            "INSERT into "
                + table.name()
                + " has more expressions than target columns: "
                + cells.size()
                + " for "
                + columnCount
                + at(row));
      }
      if (!rows.isEmpty() && cells.size() != rows.get(0).size()) {
        throw new PpdbException(
            ErrorCode.SYNTAX_ERROR, "VALUES lists must all be the same length" + at(row));
      }
      rows.add(cells);
    }
    return rows;
  }

  /** The plan without a query, or null if a cell has to be computed. */
  private @Nullable Write insertRows(
      TableAccess table, int[] columns, List<List<SqlNode>> rows, CatalogView catalog) {
    TableDefinition definition = table.table();
    Map<Integer, ColumnType> parameters = new TreeMap<>();
    Map<Integer, Cell> defaults = new HashMap<>();
    List<List<Cell>> result = new ArrayList<>(rows.size());
    for (List<SqlNode> row : rows) {
      @Nullable Cell[] cells = new @Nullable Cell[definition.columns().size()];
      for (int i = 0; i < row.size(); i++) {
        int ordinal = columns[i];
        if (row.get(i).getKind() != SqlKind.DEFAULT) {
          cells[ordinal] = cell(row.get(i), definition.column(ordinal), parameters);
          if (cells[ordinal] == null) {
            return null;
          }
        }
      }
      List<Cell> complete = new ArrayList<>(cells.length);
      for (int i = 0; i < cells.length; i++) {
        Cell cell = cells[i];
        if (cell == null) {
          cell = defaults.get(i);
        }
        if (cell == null) {
          cell = defaultCell(definition.column(i));
          if (cell == null) {
            return null;
          }
          defaults.put(i, cell);
        }
        complete.add(cell);
      }
      result.add(complete);
    }
    return new Write(
        new InsertRows(table, result), List.copyOf(parameters.values()), catalog.dependencies());
  }

  private @Nullable Cell defaultCell(ColumnDefinition column) {
    if (column.defaultExpression() == null) {
      return new Cell.Constant(null);
    }
    return cell(parser.parseExpression(column.defaultExpression()), column, new HashMap<>());
  }

  private static @Nullable Cell cell(
      SqlNode node, ColumnDefinition column, Map<Integer, ColumnType> parameters) {
    ColumnType type = RowChecks.writeType(column.type());
    if (node instanceof SqlDynamicParam parameter) {
      parameters.put(parameter.getIndex(), type);
      return new Cell.Parameter(parameter.getIndex());
    }
    boolean negative = node.getKind() == SqlKind.MINUS_PREFIX;
    SqlNode inner = negative ? ((SqlCall) node).operand(0) : node;
    if (!(inner instanceof SqlLiteral literal)) {
      return null;
    }
    if (literal.getTypeName() == SqlTypeName.NULL) {
      return new Cell.Constant(null);
    }
    Object value = value(literal);
    if (value == null || (negative && !(value instanceof BigDecimal))) {
      return null;
    }
    if (negative) {
      value = ((BigDecimal) value).negate();
    }
    boolean isNumber = value instanceof BigDecimal;
    if (isNumber && !type.kind().isNumeric()) {
      return null;
    }
    if (value instanceof Boolean && type.kind() != TypeKind.BOOLEAN) {
      return null;
    }
    return new Cell.Constant(ParameterValues.convert(value, type, ZoneOffset.UTC));
  }

  /** The value of a literal that converts to the type of its column as a parameter would. */
  private static @Nullable Object value(SqlLiteral literal) {
    return switch (literal.getTypeName()) {
      case BOOLEAN -> literal.booleanValue();
      case DECIMAL, DOUBLE -> literal.bigDecimalValue();
      case CHAR -> literal.toValue();
      default -> null;
    };
  }

  private SqlNode castRows(
      SqlCall values, int[] columns, List<List<SqlNode>> rows, TableDefinition table) {
    List<SqlNode> casted = new ArrayList<>();
    for (List<SqlNode> row : rows) {
      List<SqlNode> cells = new ArrayList<>();
      for (int i = 0; i < row.size(); i++) {
        ColumnDefinition column = table.column(columns[i]);
        SqlNode cell = row.get(i);
        if (cell.getKind() == SqlKind.DEFAULT) {
          cell = defaultExpression(column);
        }
        cells.add(QueryPlanner.cast(cell, RowChecks.writeType(column.type())));
      }
      casted.add(SqlStdOperatorTable.ROW.createCall(SqlParserPos.ZERO, cells));
    }
    return SqlStdOperatorTable.VALUES.createCall(values.getParserPosition(), casted);
  }

  private SqlNode defaultExpression(ColumnDefinition column) {
    return column.defaultExpression() == null
        ? SqlLiteral.createNull(SqlParserPos.ZERO)
        : parser.parseExpression(column.defaultExpression());
  }

  /** A query of all columns of the table: those of {@code source}, and defaults. */
  private SqlNode fullRows(SqlNode source, int[] columns, TableDefinition table) {
    boolean isFull = columns.length == table.columns().size();
    for (int i = 0; isFull && i < columns.length; i++) {
      isFull = columns[i] == i;
    }
    if (isFull) {
      return source;
    }
    List<SqlNode> alias = new ArrayList<>();
    alias.add(source);
    alias.add(identifier("$source"));
    for (int i = 0; i < columns.length; i++) {
      alias.add(identifier("$" + i));
    }
    SqlNodeList list = new SqlNodeList(SqlParserPos.ZERO);
    for (int ordinal = 0; ordinal < table.columns().size(); ordinal++) {
      int position = Ints.indexOf(columns, ordinal);
      ColumnDefinition column = table.column(ordinal);
      list.add(
          position >= 0
              ? identifier("$" + position)
              : QueryPlanner.cast(defaultExpression(column), RowChecks.writeType(column.type())));
    }
    SqlNode from = SqlStdOperatorTable.AS.createCall(SqlParserPos.ZERO, alias);
    return select(source.getParserPosition(), list, from, null);
  }

  private static SqlIdentifier identifier(String name) {
    return new SqlIdentifier(name, SqlParserPos.ZERO);
  }

  private static SqlSelect select(
      SqlParserPos position, SqlNodeList list, SqlNode from, @Nullable SqlNode where) {
    return new SqlSelect(
        position, null, list, from, where, null, null, null, null, null, null, null, null);
  }

  Write update(SqlUpdate update, CatalogView catalog) {
    TableAccess table = target(update.getTargetTable(), catalog);
    TableDefinition definition = table.table();
    SqlNodeList list = new SqlNodeList(update.getParserPosition());
    list.add(SqlIdentifier.star(SqlParserPos.ZERO));
    List<Integer> assigned = new ArrayList<>();
    for (int i = 0; i < update.getTargetColumnList().size(); i++) {
      SqlIdentifier name = (SqlIdentifier) update.getTargetColumnList().get(i);
      int ordinal = column(definition, name);
      if (assigned.contains(ordinal)) {
        throw new PpdbException(
            ErrorCode.DUPLICATE_COLUMN,
            "multiple assignments to column \"" + name + "\"" + at(name));
      }
      assigned.add(ordinal);
      ColumnDefinition column = definition.column(ordinal);
      SqlNode value = update.getSourceExpressionList().get(i);
      if (value.getKind() == SqlKind.DEFAULT) {
        value = defaultExpression(column);
      }
      SqlNode cast = QueryPlanner.cast(value, RowChecks.writeType(column.type()));
      list.add(
          SqlStdOperatorTable.AS.createCall(
              value.getParserPosition(), cast, identifier("$new" + i)));
    }
    return modify(
        table,
        update.getTargetTable(),
        update.getAlias(),
        list,
        update.getCondition(),
        assigned,
        catalog);
  }

  Write delete(SqlDelete delete, CatalogView catalog) {
    TableAccess table = target(delete.getTargetTable(), catalog);
    SqlNodeList list = SqlNodeList.of(SqlIdentifier.star(SqlParserPos.ZERO));
    return modify(
        table,
        delete.getTargetTable(),
        delete.getAlias(),
        list,
        delete.getCondition(),
        null,
        catalog);
  }

  /** The rows of the target that meet {@code condition}, then the new values. */
  private Write modify(
      TableAccess table,
      SqlNode target,
      @Nullable SqlIdentifier alias,
      SqlNodeList list,
      @Nullable SqlNode condition,
      @Nullable List<Integer> assigned,
      CatalogView catalog) {
    String name = table.table().name();
    SqlNode hidden =
        new SqlIdentifier(List.of(QueryPlanner.TARGET_SCHEMA, name), target.getParserPosition());
    SqlIdentifier visible = alias == null ? identifier(name) : alias;
    SqlBasicCall from =
        (SqlBasicCall)
            SqlStdOperatorTable.AS.createCall(target.getParserPosition(), hidden, visible);
    PlannedQuery query =
        planner.plan(catalog, select(target.getParserPosition(), list, from, condition));
    List<Integer> columns = assigned == null ? List.of() : assigned;
    return new Write(
        new ModifyRows(table, query.root(), columns, assigned == null),
        query.parameterTypes(),
        query.dependencies());
  }

  private static TableAccess target(SqlNode node, CatalogView catalog) {
    SqlIdentifier name = (SqlIdentifier) node;
    List<String> names = name.names;
    String schema = names.size() > 1 ? names.get(names.size() - 2) : Catalog.DEFAULT_SCHEMA;
    TableAccess table = catalog.table(schema, names.get(names.size() - 1));
    if (table == null) {
      throw new PpdbException(
          ErrorCode.UNDEFINED_TABLE,
          "relation \"" + String.join(".", names) + "\" does not exist" + at(node));
    }
    return table;
  }
}
