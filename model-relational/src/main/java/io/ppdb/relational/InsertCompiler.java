package io.ppdb.relational;

import com.google.common.primitives.Ints;
import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.PpdbException;
import io.ppdb.relational.InsertRows.Cell;
import io.ppdb.relational.access.Privilege;
import io.ppdb.relational.catalog.ColumnDefinition;
import io.ppdb.relational.catalog.TableDefinition;
import io.ppdb.relational.parser.StatementParser;
import io.ppdb.relational.parser.SyntaxTrees;
import io.ppdb.relational.planner.AssignmentCasts;
import io.ppdb.relational.planner.CatalogView;
import io.ppdb.relational.planner.QueryPlanner;
import io.ppdb.relational.planner.QueryPlanner.PlannedQuery;
import io.ppdb.relational.type.ColumnType;
import io.ppdb.relational.type.TypeKind;
import java.math.BigDecimal;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlDynamicParam;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlInsert;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlLiteral;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.SqlSelect;
import org.apache.calcite.sql.SqlWith;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.sql.type.SqlTypeName;
import org.jspecify.annotations.Nullable;

/**
 * Compiles INSERT: a query gives the rows, a writer stores them. Constants and parameters need no
 * query.
 */
final class InsertCompiler {
  private final StatementParser parser;
  private final QueryPlanner planner;

  InsertCompiler(StatementParser parser, QueryPlanner planner) {
    this.parser = parser;
    this.planner = planner;
  }

  /**
   * The plan of {@code insert}.
   *
   * @param parameters receives the types of its parameters
   */
  WritePlan compile(
      SqlInsert insert,
      WriteTarget target,
      @Nullable ConflictAction onConflict,
      CatalogView catalog,
      Map<Integer, ColumnType> parameters) {
    int[] columns = targetColumns(insert, target);
    catalog.require(
        target.table(),
        Privilege.INSERT,
        insert.getTargetColumnList() == null
            ? givenNames(insert, target)
            : target.columnNames(insert.getTargetColumnList()));
    SqlNode source = insert.getSource();
    columns = GeneratedColumns.givenColumns(insert, columns, target.table());
    if (source.getKind() == SqlKind.VALUES) {
      List<List<SqlNode>> rows = rows((SqlCall) source, columns.length, target.table());
      columns = InsertColumns.given(insert, columns, rows.get(0).size(), target.table());
      Map<Integer, ColumnType> found = new HashMap<>();
      InsertRows direct = insertRows(target, columns, rows, onConflict, found);
      if (direct != null) {
        parameters.putAll(found);
        return direct;
      }
      source = castRows((SqlCall) source, columns, rows, target.table());
    } else {
      int count = InsertColumns.count(source);
      if (count < 0) {
        count = planner.plan(catalog, SyntaxTrees.copy(source)).columns().size();
      }
      columns = InsertColumns.given(insert, columns, count, target.table());
    }
    BitSet untyped = untypedItems(source);
    SqlParserPos place = source.getParserPosition();
    SqlNode query = fullRows(source, columns, target.table());
    List<Integer> indexes = SqlTrees.parameters(query);
    PlannedQuery planned = planner.plan(catalog, query);
    for (int i = 0; i < columns.length; i++) {
      if (columns[i] != GeneratedColumns.IGNORED && !untyped.get(i)) {
        ColumnType type = planned.columns().get(columns[i]).type();
        AssignmentCasts.require(type, target.table().column(columns[i]), place);
      }
    }
    WriteCompiler.addParameters(indexes, planned, parameters);
    return new InsertQuery(target.access(), planned.root(), onConflict);
  }

  /** The items of a select list, by their places, that have no type of their own. */
  private static BitSet untypedItems(SqlNode source) {
    SqlNode body =
        switch (source.getKind()) {
          case ORDER_BY -> ((SqlCall) source).operand(0);
          case WITH -> ((SqlWith) source).body;
          default -> source;
        };
    BitSet untyped = new BitSet();
    if (body instanceof SqlSelect select) {
      for (int i = 0; i < select.getSelectList().size(); i++) {
        SqlNode item = select.getSelectList().get(i);
        if (item instanceof SqlIdentifier name && name.isStar()) {
          return untyped; // what follows has another place
        }
        SqlNode value = item.getKind() == SqlKind.AS ? ((SqlCall) item).operand(0) : item;
        untyped.set(i, AssignmentCasts.isUntyped(value));
      }
    }
    return untyped;
  }

  /** The columns that an INSERT without a list gives values to: the first ones. */
  private static List<String> givenNames(SqlInsert insert, WriteTarget target) {
    int all = target.table().columns().size();
    int count = all;
    if (insert.getSource().getKind() == SqlKind.VALUES
        && ((SqlCall) insert.getSource()).operand(0) instanceof SqlCall row) {
      count = Math.min(all, row.operandCount());
    }
    return target.columnNames(IntStream.range(0, count).boxed().toList());
  }

  private static int[] targetColumns(SqlInsert insert, WriteTarget target) {
    SqlNodeList names = insert.getTargetColumnList();
    if (names == null) {
      return IntStream.range(0, target.table().columns().size()).toArray();
    }
    int[] columns = new int[names.size()];
    for (int i = 0; i < columns.length; i++) {
      columns[i] = target.ordinal((SqlIdentifier) names.get(i));
      for (int j = 0; j < i; j++) {
        if (columns[j] == columns[i]) {
          throw new PpdbException(
              ErrorCode.DUPLICATE_COLUMN,
              "column \""
                  + names.get(i)
                  + "\" specified more than once"
                  + SqlTrees.at(names.get(i)));
        }
      }
    }
    return columns;
  }

  private static List<List<SqlNode>> rows(SqlCall values, int columnCount, TableDefinition table) {
    List<List<SqlNode>> rows = new ArrayList<>();
    for (SqlNode row : values.getOperandList()) {
      List<SqlNode> cells = ((SqlCall) row).getOperandList();
      cells.forEach(InsertCompiler::requireScalar);
      if (cells.size() > columnCount) {
        throw new PpdbException(
            ErrorCode.SYNTAX_ERROR,
            "INSERT into "
                + table.name()
                + " has more expressions than target columns: "
                + cells.size()
                + " for "
                + columnCount
                + SqlTrees.at(row));
      }
      if (!rows.isEmpty() && cells.size() != rows.get(0).size()) {
        throw new PpdbException(
            ErrorCode.SYNTAX_ERROR, "VALUES lists must all be the same length" + SqlTrees.at(row));
      }
      rows.add(cells);
    }
    return rows;
  }

  /** Fails if a cell is a query of several columns, which only a row could hold. */
  private static void requireScalar(SqlNode cell) {
    if (cell instanceof SqlSelect select && select.getSelectList().size() > 1) {
      throw new PpdbException(
          ErrorCode.SYNTAX_ERROR, "subquery must return only one column" + SqlTrees.at(cell));
    }
  }

  /** The plan without a query, or null if a cell has to be computed. */
  private @Nullable InsertRows insertRows(
      WriteTarget target,
      int[] columns,
      List<List<SqlNode>> rows,
      @Nullable ConflictAction onConflict,
      Map<Integer, ColumnType> parameters) {
    TableDefinition definition = target.table();
    if (GeneratedColumns.anyStored(definition)) {
      return null;
    }
    Map<Integer, Cell> defaults = new HashMap<>();
    List<List<Cell>> result = new ArrayList<>(rows.size());
    for (List<SqlNode> row : rows) {
      @Nullable Cell[] cells = new @Nullable Cell[definition.columns().size()];
      for (int i = 0; i < row.size(); i++) {
        int ordinal = columns[i];
        if (ordinal != GeneratedColumns.IGNORED && row.get(i).getKind() != SqlKind.DEFAULT) {
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
    return new InsertRows(target.access(), result, onConflict);
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
    Object converted = ParameterValues.convert(value, type, ZoneOffset.UTC);
    return type.kind() == TypeKind.TIMESTAMPTZ
        ? new Cell.PointInTime(value.toString())
        : new Cell.Constant(converted);
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
        SqlNode cell = row.get(i);
        if (columns[i] == GeneratedColumns.IGNORED) {
          cells.add(SqlLiteral.createNull(SqlParserPos.ZERO));
          continue;
        }
        ColumnDefinition column = table.column(columns[i]);
        if (cell.getKind() == SqlKind.DEFAULT) {
          cell = WriteTarget.defaultExpression(column, parser);
        }
        cells.add(QueryPlanner.assignment(cell, RowChecks.writeType(column.type()), column));
      }
      casted.add(SqlStdOperatorTable.ROW.createCall(SqlParserPos.ZERO, cells));
    }
    return SqlStdOperatorTable.VALUES.createCall(values.getParserPosition(), casted);
  }

  /** A query of all columns of the table: those of {@code source}, and defaults. */
  private SqlNode fullRows(SqlNode source, int[] columns, TableDefinition table) {
    boolean isFull = columns.length == table.columns().size() && !GeneratedColumns.anyStored(table);
    for (int i = 0; isFull && i < columns.length; i++) {
      isFull = columns[i] == i;
    }
    if (isFull) {
      return source;
    }
    List<SqlNode> alias = new ArrayList<>();
    alias.add(source);
    alias.add(SqlTrees.identifier("$source"));
    for (int i = 0; i < columns.length; i++) {
      alias.add(SqlTrees.identifier("$" + i));
    }
    SqlNodeList list = new SqlNodeList(SqlParserPos.ZERO);
    for (int ordinal = 0; ordinal < table.columns().size(); ordinal++) {
      int position = Ints.indexOf(columns, ordinal);
      ColumnDefinition column = table.column(ordinal);
      list.add(
          position >= 0
              ? SqlTrees.identifier("$" + position)
              : QueryPlanner.cast(
                  WriteTarget.defaultExpression(column, parser),
                  RowChecks.writeType(column.type())));
    }
    SqlNode from = SqlStdOperatorTable.AS.createCall(SqlParserPos.ZERO, alias);
    SqlNode rows = SqlTrees.select(source.getParserPosition(), list, from, null);
    return GeneratedColumns.anyStored(table) ? GeneratedColumns.compute(rows, table, parser) : rows;
  }
}
