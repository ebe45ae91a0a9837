package io.ppdb.relational.planner;

import java.util.List;
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
import org.apache.calcite.sql.SqlUnnestOperator;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.util.Litmus;
import org.jspecify.annotations.Nullable;

/**
 * {@code information_schema._pg_expandarray(a)} in a select list, which gives a record (x, n) for
 * each element and its place: drivers ask for keys so. It is an UNNEST WITH ORDINALITY; a column
 * that has the whole record has x, which is all that they ask of it.
 */
final class ExpandedArrays {
  private static final String FUNCTION = "_pg_expandarray";
  private static final String ALIAS = "$expanded";
  private static final String VALUE = "x";
  private static final String PLACE = "n";

  private ExpandedArrays() {}

  /** Moves the calls in the select list of {@code select} to its FROM. */
  static void move(SqlSelect select) {
    SqlNodeList items = select.getSelectList();
    SqlCall moved = null;
    for (int i = 0; i < items.size(); i++) {
      SqlNode item = items.get(i);
      boolean isLabelled = item.getKind() == SqlKind.AS;
      SqlNode expression = isLabelled ? ((SqlCall) item).operand(0) : item;
      SqlCall call = call(expression);
      boolean isSame = call != null && (moved == null || call.equalsDeep(moved, Litmus.IGNORE));
      if (call == null || !isSame) {
        continue;
      }
      moved = call;
      SqlNode label =
          isLabelled
              ? ((SqlCall) item).operand(1)
              : new SqlIdentifier(FUNCTION, item.getParserPosition());
      SqlNode column =
          new SqlIdentifier(List.of(ALIAS, field(expression)), item.getParserPosition());
      items.set(i, SqlStdOperatorTable.AS.createCall(item.getParserPosition(), column, label));
    }
    SqlNode from = select.getFrom();
    if (moved != null && from != null) {
      select.setFrom(join(from, moved));
    }
  }

  /** The call that {@code node} is, or has a field of; or null. */
  private static @Nullable SqlCall call(SqlNode node) {
    if (node.getKind() == SqlKind.DOT) {
      return call(((SqlCall) node).operand(0));
    }
    return node instanceof SqlCall call && call.getOperator().getName().equalsIgnoreCase(FUNCTION)
        ? call
        : null;
  }

  private static String field(SqlNode node) {
    return node.getKind() == SqlKind.DOT && isField(((SqlCall) node).operand(1), PLACE)
        ? PLACE
        : VALUE;
  }

  private static boolean isField(SqlNode node, String name) {
    return node instanceof SqlIdentifier id && id.isSimple() && id.getSimple().equals(name);
  }

  private static SqlNode join(SqlNode from, SqlCall call) {
    SqlParserPos position = call.getParserPosition();
    SqlNode rows =
        new SqlUnnestOperator(/* withOrdinality= */ true)
            .createCall(position, call.getOperandList());
    SqlNode named =
        SqlStdOperatorTable.AS.createCall(
            position,
            rows,
            new SqlIdentifier(ALIAS, position),
            new SqlIdentifier(VALUE, position),
            new SqlIdentifier(PLACE, position));
    return new SqlJoin(
        position,
        from,
        SqlLiteral.createBoolean(false, position),
        JoinType.COMMA.symbol(position),
        named,
        JoinConditionType.NONE.symbol(position),
        null);
  }

  /** {@code (t.keys).x} without the field, for the column has it alone; else {@code call}. */
  static SqlNode value(SqlCall call) {
    return call.getKind() == SqlKind.DOT
            && call.operand(0) instanceof SqlIdentifier record
            && record.names.get(record.names.size() - 1).equals("keys")
            && isField(call.operand(1), VALUE)
        ? record
        : call;
  }
}
