package io.ppdb.relational.planner;

import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.PpdbException;
import io.ppdb.relational.expr.ArrayOperators;
import io.ppdb.relational.expr.QuantifiedComparison;
import io.ppdb.relational.parser.InfixOperators;
import io.ppdb.relational.parser.StatementParser;
import io.ppdb.relational.parser.SyntaxTrees;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import org.apache.calcite.sql.SqlBasicCall;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlLiteral;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.SqlNumericLiteral;
import org.apache.calcite.sql.SqlOrderBy;
import org.apache.calcite.sql.SqlSelect;
import org.apache.calcite.sql.SqlWindow;
import org.apache.calcite.sql.SqlWith;
import org.apache.calcite.sql.fun.SqlCase;
import org.apache.calcite.sql.fun.SqlQuantifyOperator;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.sql.util.SqlShuttle;
import org.apache.calcite.util.Litmus;
import org.apache.calcite.util.NlsString;
import org.jspecify.annotations.Nullable;

/**
 * Says what PostgreSQL has and Calcite has not in words that Calcite knows, before a query is
 * validated:
 *
 * <pre>
 * SELECT DISTINCT ON (k) … ORDER BY o    SELECT … QUALIFY row_number() OVER (PARTITION BY k ORDER BY o) = 1
 * ORDER BY o FETCH … n … WITH TIES       QUALIFY rank() OVER (ORDER BY o) &lt;= n
 * f(x) FILTER (WHERE c) OVER w           f(CASE WHEN c THEN x END) OVER w
 * (a, b) &lt; (c, d)                        a &lt; c OR a = c AND b &lt; d
 * TABLE t                                SELECT * FROM t
 * a, generate_series(…) AS g             a, LATERAL generate_series(…) AS g (g)
 * x = ANY (array)                        a call of {@link QuantifiedComparison}
 * x::oid, x::regclass                    x::bigint, a function: {@link CatalogRewrites}
 * ROLLUP (a, a)                          GROUPING SETS ((a, a), (a), ())
 * </pre>
 */
final class QueryRewrites extends SqlShuttle {
  /** Aggregates in which a NULL counts. */
  private static final Set<String> WITH_NULLS =
      Set.of("ARRAY_AGG", "JSON_AGG", "JSONB_AGG", "JSON_OBJECT_AGG", "JSONB_OBJECT_AGG");

  private static final Set<String> RANKED = Set.of("PERCENTILE_CONT", "PERCENTILE_DISC", "MODE");

  /** Functions that see the whole partition, whatever the frame. */
  private static final Set<String> WITHOUT_FRAME =
      Set.of(
          "ROW_NUMBER", "RANK", "DENSE_RANK", "PERCENT_RANK", "CUME_DIST", "NTILE", "LAG", "LEAD");

  private static final Set<SqlKind> ROW_COMPARISONS =
      EnumSet.of(
          SqlKind.EQUALS,
          SqlKind.NOT_EQUALS,
          SqlKind.LESS_THAN,
          SqlKind.LESS_THAN_OR_EQUAL,
          SqlKind.GREATER_THAN,
          SqlKind.GREATER_THAN_OR_EQUAL,
          SqlKind.IS_DISTINCT_FROM,
          SqlKind.IS_NOT_DISTINCT_FROM);

  /** The queries around what is looked at, the innermost first. */
  private final Deque<SqlSelect> selects = new ArrayDeque<>();

  private QueryRewrites() {}

  static SqlNode apply(SqlNode query) {
    return Objects.requireNonNull(query.accept(new QueryRewrites()));
  }

  @Override
  public @Nullable SqlNode visit(SqlCall given) {
    SqlCall call = SqlJsonRewrites.apply(given);
    SqlNode ofCatalog = CatalogRewrites.apply(call);
    if (!(ofCatalog instanceof SqlCall meant)) {
      return ofCatalog.accept(this);
    }
    call = meant;
    SqlCall rewritten = call;
    if (call instanceof SqlOrderBy orderBy) {
      rewritten = rewrite(orderBy);
    } else if (call instanceof SqlSelect select) {
      distinctOn(select, SqlNodeList.EMPTY);
      ExpandedArrays.move(select);
      SeriesInSelect.move(select);
      select.setFrom(FunctionsInFrom.lateral(select.getFrom()));
      selects.push(select);
      try {
        return super.visit(call);
      } finally {
        selects.pop();
      }
    } else if (call instanceof SqlWindow window && window.getRefName() != null) {
      rewritten = refined(window);
    } else if (call.getKind() == SqlKind.AS
        && call.operandCount() == 2
        && FunctionsInFrom.isFunction(call.operand(0))) {
      rewritten = FunctionsInFrom.withColumnName(call);
    } else if (call.getKind() == SqlKind.ARRAY_VALUE_CONSTRUCTOR) {
      rewritten =
          ArrayOperators.CONSTRUCTOR.createCall(call.getParserPosition(), call.getOperandList());
    } else if (call.getKind() == SqlKind.ITEM && call.operand(0) instanceof SqlNodeList list) {
      SqlParserPos end = list.getParserPosition();
      throw new PpdbException(
          ErrorCode.SYNTAX_ERROR,
          "a list of expressions has no elements to take"
              + StatementParser.at(end.getLineNum(), end.getColumnNum()));
    } else if (call.getKind() == SqlKind.ARRAY_QUERY_CONSTRUCTOR) {
      rewritten = arrayOf(call.operand(0));
    } else if (call.getOperator() instanceof SqlQuantifyOperator quantified
        && call.operand(1) instanceof SqlNodeList list
        && list.size() == 1) {
      rewritten = QuantifiedArrays.rewrite(call, quantified, list.get(0));
    } else if (call.getKind() == SqlKind.WITHIN_GROUP) {
      rewritten = OrderedAggregates.rewrite(withSortedArgument(call));
    } else if (call.getKind() == SqlKind.ROLLUP || call.getKind() == SqlKind.CUBE) {
      rewritten = GroupingLists.rewrite(call);
    } else if (call.getKind() == SqlKind.EXPLICIT_TABLE) {
      rewritten = allOf(call.operand(0));
    } else if (ROW_COMPARISONS.contains(call.getKind())
        && call.operand(0).getKind() == SqlKind.ROW
        && call.operand(1).getKind() == SqlKind.ROW) {
      rewritten = RowComparisons.columnByColumn(call);
    } else if (call.getKind() == SqlKind.OVER
        && call.operand(0) instanceof SqlCall aggregate
        && aggregate.getKind() == SqlKind.FILTER) {
      List<SqlNode> operands = new ArrayList<>(call.getOperandList());
      operands.set(0, conditional(aggregate.operand(0), aggregate.operand(1)));
      rewritten = call.getOperator().createCall(call.getParserPosition(), operands);
    }
    if (rewritten.getKind() == SqlKind.OVER
        && rewritten.operand(0) instanceof SqlCall function
        && WITHOUT_FRAME.contains(function.getOperator().getName().toUpperCase(Locale.ROOT))
        && rewritten.operand(1) instanceof SqlWindow window) {
      window.setLowerBound(null);
      window.setUpperBound(null);
      window.setRows(SqlLiteral.createBoolean(false, window.getParserPosition()));
    }
    return super.visit(rewritten);
  }

  /** {@code E'…'} is text like any other, whatever the parser says of its characters. */
  @Override
  public SqlNode visit(SqlLiteral literal) {
    return literal.getValue() instanceof NlsString text && text.getCharsetName() != null
        ? SqlLiteral.createCharString(text.getValue(), literal.getParserPosition())
        : literal;
  }

  /** {@code ARRAY(query)}: an aggregate of its rows, in their order. */
  private static SqlCall arrayOf(SqlNode query) {
    SqlParserPos position = query.getParserPosition();
    SqlIdentifier column = new SqlIdentifier("$element", position);
    SqlNode from =
        SqlStdOperatorTable.AS.createCall(
            position, query, new SqlIdentifier("$rows", position), column);
    return ArrayOperators.OR_EMPTY.createCall(
        position,
        selectFrom(
            position,
            ArrayOperators.ARRAY_OF.createCall(position, SyntaxTrees.copy(column)),
            from));
  }

  /**
   * Percentiles and the mode have the column they sort by as an argument too: it gives the type.
   */
  private static SqlCall withSortedArgument(SqlCall call) {
    SqlCall aggregate = call.operand(0);
    SqlNodeList order = call.operand(1);
    if (!RANKED.contains(aggregate.getOperator().getName().toUpperCase(Locale.ROOT))
        || order.size() != 1) {
      return call;
    }
    List<SqlNode> operands = new ArrayList<>(aggregate.getOperandList());
    operands.add(SyntaxTrees.copy(bare(order.get(0))));
    SqlNode extended =
        aggregate
            .getOperator()
            .createCall(aggregate.getFunctionQuantifier(), aggregate.getParserPosition(), operands);
    return call.getOperator().createCall(call.getParserPosition(), extended, order);
  }

  /** {@code TABLE name} as a query. */
  private static SqlCall allOf(SqlNode table) {
    SqlParserPos position = table.getParserPosition();
    return selectFrom(position, SqlIdentifier.star(position), table);
  }

  private static SqlSelect selectFrom(SqlParserPos position, SqlNode item, SqlNode from) {
    return new SqlSelect(
        position,
        null,
        SqlNodeList.of(item),
        from,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null);
  }

  /**
   * A window that goes on from a named one, with what that one says. Calcite loses the frame of
   * such a window.
   */
  private SqlWindow refined(SqlWindow window) {
    SqlSelect select = selects.peek();
    SqlIdentifier name = window.getRefName();
    if (select == null || name == null) {
      return window;
    }
    for (SqlNode declared : select.getWindowList()) {
      SqlWindow base = (SqlWindow) declared;
      SqlIdentifier baseName = base.getDeclName();
      if (baseName != null && baseName.equalsDeep(name, Litmus.IGNORE)) {
        return refined(window, base.getRefName() == null ? base : refined(base));
      }
    }
    return window; // the validator says what is wrong
  }

  private static SqlWindow refined(SqlWindow window, SqlWindow base) {
    if (!window.getPartitionList().isEmpty()
        || (!window.getOrderList().isEmpty() && !base.getOrderList().isEmpty())) {
      throw new PpdbException(
          ErrorCode.SYNTAX_ERROR,
          "cannot override PARTITION BY or ORDER BY of window " + window.getRefName() + at(window));
    }
    SqlNodeList order =
        window.getOrderList().isEmpty() ? base.getOrderList() : window.getOrderList();
    return SqlWindow.create(
        window.getDeclName(),
        null,
        (SqlNodeList) SyntaxTrees.copy(base.getPartitionList()),
        (SqlNodeList) SyntaxTrees.copy(order),
        SqlLiteral.createBoolean(window.isRows(), window.getParserPosition()),
        window.getLowerBound(),
        window.getUpperBound(),
        null,
        window.getExclude(),
        window.getParserPosition());
  }

  private static SqlCall rewrite(SqlOrderBy orderBy) {
    SqlNode body = orderBy.query instanceof SqlWith with ? with.body : orderBy.query;
    if (body instanceof SqlSelect select) {
      distinctOn(select, orderBy.orderList);
    }
    SqlNode fetch = orderBy.fetch;
    if (!(fetch instanceof SqlBasicCall ties)
        || !ties.getOperator().equals(InfixOperators.WITH_TIES)) {
      return orderBy;
    }
    SqlNode count = ties.operand(0);
    if (orderBy.orderList.isEmpty()) {
      throw new PpdbException(
          ErrorCode.SYNTAX_ERROR,
          "WITH TIES cannot be specified without ORDER BY clause" + at(ties));
    }
    if (!(body instanceof SqlSelect select) || select.isDistinct()) {
      throw new PpdbException(
          ErrorCode.NOT_SUPPORTED,
          "WITH TIES after DISTINCT or a set operation is not supported" + at(ties));
    }
    boolean none =
        count instanceof SqlNumericLiteral literal && literal.bigDecimalValue().signum() == 0;
    if (!none) {
      SqlNode end =
          orderBy.offset == null
              ? count
              : SqlStdOperatorTable.PLUS.createCall(SqlParserPos.ZERO, count, orderBy.offset);
      SqlNode rank =
          over(
              SqlStdOperatorTable.RANK.createCall(SqlParserPos.ZERO),
              SqlNodeList.EMPTY,
              resolved(orderBy.orderList, select.getSelectList()));
      qualify(
          select, SqlStdOperatorTable.LESS_THAN_OR_EQUAL.createCall(SqlParserPos.ZERO, rank, end));
    }
    return new SqlOrderBy(
        orderBy.getParserPosition(),
        orderBy.query,
        orderBy.orderList,
        orderBy.offset,
        none ? count : null);
  }

  private static void distinctOn(SqlSelect select, SqlNodeList orderList) {
    SqlNodeList items = select.getSelectList();
    if (!(items.get(0) instanceof SqlBasicCall on)
        || !on.getOperator().equals(InfixOperators.DISTINCT_ON)) {
      return;
    }
    items.remove(0);
    SqlNodeList keys = new SqlNodeList(on.getParserPosition());
    on.getOperandList().forEach(key -> keys.add(meant(key, items)));
    SqlNodeList order = resolved(orderList, items);
    for (int i = 0; i < Math.min(order.size(), keys.size()); i++) {
      SqlNode first = bare(order.get(i));
      if (keys.stream().noneMatch(key -> key.equalsDeep(first, Litmus.IGNORE))) {
        throw new PpdbException(
            ErrorCode.SYNTAX_ERROR,
            "SELECT DISTINCT ON expressions must match initial ORDER BY expressions" + at(on));
      }
    }
    SqlNode number =
        over(SqlStdOperatorTable.ROW_NUMBER.createCall(SqlParserPos.ZERO), keys, order);
    qualify(
        select,
        SqlStdOperatorTable.EQUALS.createCall(
            SqlParserPos.ZERO, number, SqlLiteral.createExactNumeric("1", SqlParserPos.ZERO)));
  }

  private static SqlNode over(SqlNode function, SqlNodeList partition, SqlNodeList order) {
    SqlWindow window =
        SqlWindow.create(
            null,
            null,
            partition,
            order,
            SqlLiteral.createBoolean(false, SqlParserPos.ZERO),
            null,
            null,
            null,
            SqlWindow.createExcludeNoOthers(SqlParserPos.ZERO),
            SqlParserPos.ZERO);
    return SqlStdOperatorTable.OVER.createCall(SqlParserPos.ZERO, function, window);
  }

  private static void qualify(SqlSelect select, SqlNode condition) {
    SqlNode known = select.getQualify();
    select.setQualify(
        known == null
            ? condition
            : SqlStdOperatorTable.AND.createCall(SqlParserPos.ZERO, known, condition));
  }

  /** The list with labels and ordinals of the select list replaced by what they mean. */
  private static SqlNodeList resolved(SqlNodeList order, SqlNodeList items) {
    SqlNodeList result = new SqlNodeList(order.getParserPosition());
    order.forEach(key -> result.add(resolvedKey(key, items)));
    return result;
  }

  private static SqlNode resolvedKey(SqlNode key, SqlNodeList items) {
    return switch (key.getKind()) {
      case DESCENDING, NULLS_FIRST, NULLS_LAST -> {
        SqlCall call = (SqlCall) key;
        yield call.getOperator()
            .createCall(call.getParserPosition(), resolvedKey(call.operand(0), items));
      }
      default -> meant(key, items);
    };
  }

  private static SqlNode bare(SqlNode key) {
    return switch (key.getKind()) {
      case DESCENDING, NULLS_FIRST, NULLS_LAST -> bare(((SqlCall) key).operand(0));
      default -> key;
    };
  }

  /** The item of the select list that an ordinal or a label stands for, or the node itself. */
  private static SqlNode meant(SqlNode node, SqlNodeList items) {
    if (node instanceof SqlNumericLiteral literal && literal.isInteger()) {
      long ordinal = literal.longValue(true);
      if (ordinal >= 1 && ordinal <= items.size()) {
        return withoutLabel(items.get((int) ordinal - 1));
      }
    }
    if (node instanceof SqlIdentifier id && id.isSimple()) {
      for (SqlNode item : items) {
        if (item.getKind() == SqlKind.AS
            && ((SqlCall) item).operand(1) instanceof SqlIdentifier label
            && label.getSimple().equals(id.getSimple())) {
          return withoutLabel(item);
        }
      }
    }
    return node;
  }

  private static SqlNode withoutLabel(SqlNode item) {
    return item.getKind() == SqlKind.AS ? ((SqlCall) item).operand(0) : item;
  }

  /** The aggregate with its first argument NULL where {@code condition} is not true. */
  private static SqlNode conditional(SqlNode aggregate, SqlNode condition) {
    SqlCall call = (SqlCall) aggregate;
    String name = call.getOperator().getName().toUpperCase(Locale.ROOT);
    if (WITH_NULLS.contains(name) || call.operandCount() == 0) {
      throw new PpdbException(
          ErrorCode.NOT_SUPPORTED,
          "FILTER is not implemented for window function "
              + name.toLowerCase(Locale.ROOT)
              + at(call));
    }
    List<SqlNode> operands = new ArrayList<>(call.getOperandList());
    SqlParserPos position = call.getParserPosition();
    boolean star = operands.get(0) instanceof SqlIdentifier id && id.isStar();
    SqlNode value = star ? SqlLiteral.createExactNumeric("1", position) : operands.get(0);
    operands.set(
        0,
        new SqlCase(
            position,
            null,
            SqlNodeList.of(condition),
            SqlNodeList.of(value),
            SqlLiteral.createNull(position)));
    return call.getOperator().createCall(call.getFunctionQuantifier(), position, operands);
  }

  private static String at(SqlNode node) {
    SqlParserPos position = node.getParserPosition();
    return StatementParser.at(position.getLineNum(), position.getColumnNum());
  }
}
