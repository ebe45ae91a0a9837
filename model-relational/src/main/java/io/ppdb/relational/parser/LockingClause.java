package io.ppdb.relational.parser;

import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.PpdbException;
import io.ppdb.relational.lock.LockStrength;
import io.ppdb.relational.lock.LockWait;
import java.util.List;
import org.apache.calcite.sql.SqlBasicCall;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlOrderBy;
import org.apache.calcite.sql.SqlSelect;
import org.apache.calcite.sql.SqlSpecialOperator;
import org.apache.calcite.sql.SqlWith;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.jspecify.annotations.Nullable;

/**
 * FOR UPDATE and its like: stands among the conditions of its query until the planner knows the
 * tables.
 */
public final class LockingClause extends SqlSpecialOperator {
  private final List<Item> items;
  private final boolean isOrdered;
  private final boolean isLimited;

  /**
   * One of the clauses.
   *
   * @param tables whose rows it locks; empty for those of all tables
   */
  public record Item(
      LockStrength strength, LockWait waiting, List<SqlIdentifier> tables, SqlParserPos position) {
    public Item {
      tables = List.copyOf(tables);
    }
  }

  private LockingClause(List<Item> items, boolean isOrdered, boolean isLimited) {
    super(items.get(0).strength.clause(), SqlKind.OTHER);
    this.items = List.copyOf(items);
    this.isOrdered = isOrdered;
    this.isLimited = isLimited;
  }

  public List<Item> items() {
    return items;
  }

  /** Whether the rows are locked in an order that the query says. */
  public boolean isOrdered() {
    return isOrdered;
  }

  /** Whether the query may want less rows than there are. */
  public boolean isLimited() {
    return isLimited;
  }

  /** {@code query} with the clauses; NOT_SUPPORTED if its rows are not those of tables. */
  public static SqlNode add(SqlNode query, List<Item> items) {
    SqlNode body = query;
    boolean isOrdered = false;
    boolean isLimited = false;
    if (query instanceof SqlOrderBy orderBy) {
      body = orderBy.query;
      isOrdered = !orderBy.orderList.isEmpty();
      isLimited = orderBy.fetch != null || orderBy.offset != null;
    }
    if (body instanceof SqlWith with) {
      body = with.body;
    }
    if (!(body instanceof SqlSelect select)) {
      throw refused(
          items.get(0),
          body.getKind() == SqlKind.VALUES
              ? "cannot be applied to VALUES"
              : "is not allowed with UNION/INTERSECT/EXCEPT");
    }
    String clause = clauseThatForbids(select);
    if (clause != null) {
      throw refused(items.get(0), "is not allowed with " + clause);
    }
    LockingClause operator = new LockingClause(items, isOrdered, isLimited);
    SqlNode marker = new SqlBasicCall(operator, List.of(), items.get(0).position);
    SqlNode where = select.getWhere();
    select.setWhere(
        where == null
            ? marker
            : SqlStdOperatorTable.AND.createCall(where.getParserPosition(), where, marker));
    return query;
  }

  private static @Nullable String clauseThatForbids(SqlSelect select) {
    SqlNode first = select.getSelectList().get(0);
    boolean distinctOn =
        first instanceof SqlBasicCall call && call.getOperator().equals(InfixOperators.DISTINCT_ON);
    if (select.isDistinct() || distinctOn) {
      return "DISTINCT clause";
    }
    if (select.getGroup() != null) {
      return "GROUP BY clause";
    }
    return select.getHaving() == null ? null : "HAVING clause";
  }

  /** The error of a query that cannot have the clause {@code item}. */
  public static PpdbException refused(Item item, String why) {
    return new PpdbException(
        ErrorCode.NOT_SUPPORTED,
        item.strength.clause()
            + " "
            + why
            + StatementParser.at(item.position.getLineNum(), item.position.getColumnNum()));
  }
}
