package io.ppdb.relational.planner;

import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.PpdbException;
import io.ppdb.relational.parser.StatementParser;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.apache.calcite.sql.JoinConditionType;
import org.apache.calcite.sql.JoinType;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlJoin;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlLiteral;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.SqlSelect;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.jspecify.annotations.Nullable;

/**
 * A function that gives rows, in the select list: {@code SELECT unnest(a) FROM t} is {@code SELECT
 * u FROM t, unnest(a) AS u}. Several unnest give their rows side by side, as they do in FROM.
 */
final class SeriesInSelect {
  private static final String UNNEST = "UNNEST";

  private static final Set<String> FUNCTIONS =
      Set.of(
          UNNEST,
          "GENERATE_SERIES",
          "GENERATE_SUBSCRIPTS",
          "JSON_ARRAY_ELEMENTS",
          "JSONB_ARRAY_ELEMENTS",
          "JSON_ARRAY_ELEMENTS_TEXT",
          "JSONB_ARRAY_ELEMENTS_TEXT",
          "JSON_OBJECT_KEYS",
          "JSONB_OBJECT_KEYS",
          "REGEXP_MATCHES",
          "REGEXP_SPLIT_TO_TABLE",
          "STRING_TO_TABLE");

  private static final String ALIAS = "$series";

  private SeriesInSelect() {}

  /** Moves the functions of {@code select} that give rows to its FROM. */
  static void move(SqlSelect select) {
    List<SqlCall> calls = new ArrayList<>();
    SqlNodeList items = new SqlNodeList(select.getSelectList().getParserPosition());
    for (SqlNode item : select.getSelectList()) {
      SqlCall call = series(item.getKind() == SqlKind.AS ? ((SqlCall) item).operand(0) : item);
      if (call == null) {
        items.add(item);
        continue;
      }
      SqlNode name =
          item.getKind() == SqlKind.AS
              ? ((SqlCall) item).operand(1)
              : new SqlIdentifier(nameOf(call).toLowerCase(Locale.ROOT), SqlParserPos.ZERO);
      items.add(
          SqlStdOperatorTable.AS.createCall(
              item.getParserPosition(),
              new SqlIdentifier(List.of(ALIAS, column(calls.size())), call.getParserPosition()),
              name));
      calls.add(call);
    }
    if (calls.isEmpty()) {
      return;
    }
    refuse(select, calls);
    SqlNode function = named(calls);
    SqlNode from = select.getFrom();
    select.setSelectList(items);
    select.setFrom(from == null ? function : crossJoin(from, function));
  }

  private static String column(int index) {
    return "$" + index;
  }

  private static String nameOf(SqlCall call) {
    return call.getOperator().getName();
  }

  private static @Nullable SqlCall series(SqlNode node) {
    return node instanceof SqlCall call && FUNCTIONS.contains(nameOf(call).toUpperCase(Locale.ROOT))
        ? call
        : null;
  }

  private static void refuse(SqlSelect select, List<SqlCall> calls) {
    SqlCall first = calls.get(0);
    boolean sideBySide = calls.stream().allMatch(call -> nameOf(call).equalsIgnoreCase(UNNEST));
    if (calls.size() > 1 && !sideBySide) {
      throw refused(first, "several functions that give rows in one select list");
    }
    if (select.getGroup() != null || select.getHaving() != null) {
      throw refused(first, "a function that gives rows in the select list of a query with groups");
    }
  }

  private static PpdbException refused(SqlCall call, String what) {
    SqlParserPos position = call.getParserPosition();
    return new PpdbException(
        ErrorCode.NOT_SUPPORTED,
        what
            + ": write it in FROM"
            + StatementParser.at(position.getLineNum(), position.getColumnNum()));
  }

  /** The calls as one function in FROM, with names for its columns. */
  private static SqlNode named(List<SqlCall> calls) {
    SqlParserPos position = calls.get(0).getParserPosition();
    List<SqlNode> operands = new ArrayList<>();
    if (nameOf(calls.get(0)).equalsIgnoreCase(UNNEST)) {
      List<SqlNode> arrays = new ArrayList<>();
      calls.forEach(call -> arrays.add(call.operand(0)));
      operands.add(SqlStdOperatorTable.UNNEST.createCall(position, arrays));
    } else {
      SqlNode function = FunctionsInFrom.function(nameOf(calls.get(0)), calls.get(0));
      operands.add(SqlStdOperatorTable.COLLECTION_TABLE.createCall(position, function));
    }
    operands.add(new SqlIdentifier(ALIAS, SqlParserPos.ZERO));
    for (int i = 0; i < calls.size(); i++) {
      operands.add(new SqlIdentifier(column(i), SqlParserPos.ZERO));
    }
    return SqlStdOperatorTable.AS.createCall(position, operands);
  }

  private static SqlNode crossJoin(SqlNode left, SqlNode right) {
    SqlParserPos position = right.getParserPosition();
    return new SqlJoin(
        position,
        left,
        SqlLiteral.createBoolean(false, position),
        JoinType.COMMA.symbol(position),
        right,
        JoinConditionType.NONE.symbol(position),
        null);
  }
}
