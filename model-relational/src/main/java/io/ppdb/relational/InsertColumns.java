package io.ppdb.relational;

import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.PpdbException;
import io.ppdb.relational.catalog.TableDefinition;
import io.ppdb.relational.parser.InfixOperators;
import java.util.Arrays;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlInsert;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlOrderBy;
import org.apache.calcite.sql.SqlSelect;
import org.apache.calcite.sql.SqlWith;

/** Which columns of the table the source of an INSERT gives values for. */
final class InsertColumns {
  private InsertColumns() {}

  /**
   * The first {@code count} of {@code columns}, the target's. Without a list of names there may be
   * fewer values than columns; the others get their defaults.
   */
  static int[] given(SqlInsert insert, int[] columns, int count, TableDefinition table) {
    boolean named = insert.getTargetColumnList() != null;
    if (count > columns.length || (named && count < columns.length)) {
      SqlNode place = count < columns.length ? insert.getTargetColumnList() : insert.getSource();
      throw new PpdbException(
          ErrorCode.SYNTAX_ERROR,
          "INSERT into "
              + table.name()
              + (count < columns.length
                  ? " has more target columns than expressions: " + columns.length + " for " + count
                  : " has more expressions than target columns: "
                      + count
                      + " for "
                      + columns.length)
              + SqlTrees.at(place));
    }
    return count == columns.length ? columns : Arrays.copyOf(columns, count);
  }

  /** How many columns {@code query} has; -1 if a star, or something rarer, hides it. */
  static int count(SqlNode query) {
    if (query instanceof SqlOrderBy orderBy) {
      return count(orderBy.query);
    }
    if (query instanceof SqlWith with) {
      return count(with.body);
    }
    if (query instanceof SqlSelect select) {
      boolean plain = select.getSelectList().stream().noneMatch(InsertColumns::isNoColumn);
      return plain ? select.getSelectList().size() : -1;
    }
    return switch (query.getKind()) {
      case UNION, INTERSECT, EXCEPT, VALUES -> count(((SqlCall) query).operand(0));
      case ROW -> ((SqlCall) query).operandCount();
      default -> -1;
    };
  }

  private static boolean isNoColumn(SqlNode item) {
    return (item instanceof SqlIdentifier name && name.isStar())
        || (item instanceof SqlCall call && call.getOperator().equals(InfixOperators.DISTINCT_ON));
  }
}
