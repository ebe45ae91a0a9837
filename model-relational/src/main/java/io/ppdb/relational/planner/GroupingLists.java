package io.ppdb.relational.planner;

import io.ppdb.relational.parser.SyntaxTrees;
import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.util.Litmus;

/**
 * ROLLUP and CUBE that name an expression twice, as GROUPING SETS: Calcite makes one set of those
 * that are equal then, where SQL has a group for each.
 */
final class GroupingLists {
  /** What CUBE takes at most, as in PostgreSQL: it gives two to this power sets. */
  private static final int MAX_CUBE = 12;

  private GroupingLists() {}

  /** {@code call} itself, if it is no such list. */
  static SqlCall rewrite(SqlCall call) {
    boolean isRollup = call.getKind() == SqlKind.ROLLUP;
    List<SqlNode> items = call.getOperandList();
    if ((!isRollup && call.getKind() != SqlKind.CUBE)
        || (!isRollup && items.size() > MAX_CUBE)
        || !hasDuplicates(items)) {
      return call;
    }
    List<SqlNode> sets = new ArrayList<>();
    if (isRollup) {
      for (int count = items.size(); count >= 0; count--) {
        sets.add(set(items.subList(0, count), call.getParserPosition()));
      }
    } else {
      for (int mask = (1 << items.size()) - 1; mask >= 0; mask--) {
        List<SqlNode> chosen = new ArrayList<>();
        for (int i = 0; i < items.size(); i++) {
          if ((mask & (1 << i)) != 0) {
            chosen.add(items.get(i));
          }
        }
        sets.add(set(chosen, call.getParserPosition()));
      }
    }
    return SqlStdOperatorTable.GROUPING_SETS.createCall(call.getParserPosition(), sets);
  }

  private static boolean hasDuplicates(List<SqlNode> items) {
    List<SqlNode> expressions = expressions(items);
    for (int i = 0; i < expressions.size(); i++) {
      for (int j = 0; j < i; j++) {
        if (expressions.get(i).equalsDeep(expressions.get(j), Litmus.IGNORE)) {
          return true;
        }
      }
    }
    return false;
  }

  /** The items, of which some may be several in parentheses. */
  private static List<SqlNode> expressions(List<SqlNode> items) {
    List<SqlNode> expressions = new ArrayList<>();
    for (SqlNode item : items) {
      if (item.getKind() == SqlKind.ROW) {
        expressions.addAll(((SqlCall) item).getOperandList());
      } else {
        expressions.add(item);
      }
    }
    return expressions;
  }

  private static SqlNode set(List<SqlNode> items, SqlParserPos position) {
    List<SqlNode> copies = expressions(items).stream().map(SyntaxTrees::copy).toList();
    return copies.isEmpty()
        ? new SqlNodeList(position)
        : SqlStdOperatorTable.ROW.createCall(position, copies);
  }
}
