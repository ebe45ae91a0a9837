package io.ppdb.relational.planner;

import com.google.common.base.CharMatcher;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.apache.calcite.sql.SqlBasicTypeNameSpec;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlDataTypeSpec;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlJoin;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlLiteral;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.SqlOrderBy;
import org.apache.calcite.sql.SqlSelect;
import org.apache.calcite.sql.SqlSyntax;
import org.apache.calcite.sql.SqlWith;
import org.apache.calcite.sql.SqlWithItem;
import org.apache.calcite.sql.fun.SqlCase;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.fun.SqlTrimFunction;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.calcite.sql.util.SqlBasicVisitor;
import org.jspecify.annotations.Nullable;

/**
 * Names the output columns to which a query gives none, by PostgreSQL's rules: a call has the name
 * of its function, a cast that of its column or type, the rest is {@code ?column?}.
 *
 * <p>The outermost query may have one label several times. There, a column whose label is not its
 * own gets a name that nobody can refer to, and {@link #label} knows what to show. Inner queries
 * get their labels as names where these are unambiguous. Bare names in ORDER BY that mean an output
 * column become its ordinal. Used for one statement, whose tree is changed in place.
 */
final class OutputNames extends SqlBasicVisitor<@Nullable Void> {
  private static final String UNKNOWN = "?column?";
  private static final String CALCITE_PREFIX = "EXPR$";

  /** How sure a name is: a cast or a CASE takes over only the name of a column or function. */
  private record Name(String text, boolean strong) {}

  private final Map<String, String> labels = new HashMap<>();

  /** The names that the outermost query itself gives. */
  private final Set<String> explicit = new HashSet<>();

  private @Nullable SqlSelect outermost;

  private OutputNames() {}

  /** Names the columns of {@code query}. */
  static OutputNames apply(SqlNode query) {
    OutputNames names = new OutputNames();
    names.outermost = leftmostSelect(query);
    query.accept(names);
    return names;
  }

  /**
   * What to show for the column that the planner calls {@code name}.
   *
   * @param origin the table column that it shows, or ""; a star may have given it a number, to tell
   *     it from {@code others}
   */
  String label(String name, int ordinal, String origin, List<String> others) {
    String label = labels.get(name);
    if (label != null) {
      return label;
    }
    boolean numbered =
        !explicit.contains(name)
            && !origin.isEmpty()
            && name.startsWith(origin)
            && CharMatcher.inRange('0', '9').matchesAllOf(name.substring(origin.length()))
            && others.contains(origin);
    if (numbered) {
      return origin;
    }
    return name.startsWith(CALCITE_PREFIX) ? "column" + (ordinal + 1) : name;
  }

  /** The part of a query that names its columns, or null if it is VALUES. */
  private static @Nullable SqlSelect leftmostSelect(SqlNode query) {
    return switch (query.getKind()) {
      case SELECT -> (SqlSelect) query;
      case ORDER_BY -> leftmostSelect(((SqlOrderBy) query).query);
      case WITH -> leftmostSelect(((SqlWith) query).body);
      case UNION, INTERSECT, EXCEPT -> leftmostSelect(((SqlCall) query).operand(0));
      default -> null;
    };
  }

  @Override
  public @Nullable Void visit(SqlCall call) {
    if (call instanceof SqlSelect select) {
      SqlNode from = select.getFrom();
      if (from != null) {
        select.setFrom(named(from));
      }
      nameItems(select);
    } else if (call instanceof SqlJoin join) {
      join.setLeft(named(join.getLeft()));
      join.setRight(named(join.getRight()));
    } else if (call instanceof SqlWithItem item
        && item.columnList == null
        && item.query.getKind() == SqlKind.VALUES) {
      item.columnList = new SqlNodeList(columnNames((SqlCall) item.query), SqlParserPos.ZERO);
    } else if (call instanceof SqlOrderBy orderBy) {
      resolveOrder(orderBy);
    }
    return super.visit(call);
  }

  /** Gives the columns of VALUES in FROM their names. */
  private static SqlNode named(SqlNode from) {
    if (from.getKind() == SqlKind.AS
        && ((SqlCall) from).operandCount() == 2
        && ((SqlCall) from).operand(0).getKind() == SqlKind.VALUES) {
      SqlCall as = (SqlCall) from;
      List<SqlNode> operands = new ArrayList<>(as.getOperandList());
      operands.addAll(columnNames(as.operand(0)));
      return SqlStdOperatorTable.AS.createCall(as.getParserPosition(), operands);
    }
    return from;
  }

  private static List<SqlNode> columnNames(SqlCall values) {
    List<SqlNode> names = new ArrayList<>();
    int count = values.operand(0) instanceof SqlCall row ? row.operandCount() : 1;
    for (int i = 1; i <= count; i++) {
      names.add(new SqlIdentifier("column" + i, SqlParserPos.ZERO));
    }
    return names;
  }

  private void nameItems(SqlSelect select) {
    SqlNodeList items = select.getSelectList();
    List<String> names = items.stream().map(OutputNames::nameOf).toList();
    for (int i = 0; i < items.size(); i++) {
      SqlNode item = items.get(i);
      String name = names.get(i);
      boolean unique = Collections.frequency(names, name) == 1;
      boolean named = item.getKind() == SqlKind.AS || item instanceof SqlIdentifier;
      if (named && (unique || select != outermost || name.isEmpty())) {
        if (select == outermost) {
          explicit.add(name);
        }
        continue;
      }
      if (select != outermost) {
        if (unique && !name.equals(UNKNOWN) && !isGroupedBy(select, name)) {
          items.set(i, as(item, name));
        }
        continue;
      }
      // A name with a dollar sign in front cannot be written without quotes.
      String planned = unique && isNamedByFunction(item) ? name : "$" + (i + 1);
      labels.put(planned, name);
      SqlNode bare = item.getKind() == SqlKind.AS ? ((SqlCall) item).operand(0) : item;
      items.set(i, as(bare, planned));
    }
  }

  /** Whether the name of {@code item} is not that of a column, which it would hide. */
  private static boolean isNamedByFunction(SqlNode item) {
    return item instanceof SqlCall call
        && call.getKind() != SqlKind.CAST
        && call.getKind() != SqlKind.CASE
        && call.getKind() != SqlKind.SCALAR_QUERY
        && figure(item).strong;
  }

  private static SqlNode as(SqlNode item, String name) {
    SqlParserPos position = item.getParserPosition();
    return SqlStdOperatorTable.AS.createCall(position, item, new SqlIdentifier(name, position));
  }

  /** GROUP BY x means the column x first, and an output of that name only if there is none. */
  private static boolean isGroupedBy(SqlSelect select, String name) {
    SqlNodeList group = select.getGroup();
    return group != null && group.stream().anyMatch(item -> isSimple(item, name));
  }

  private static boolean isSimple(SqlNode node, String name) {
    return node instanceof SqlIdentifier id && id.isSimple() && id.getSimple().equals(name);
  }

  private static void resolveOrder(SqlOrderBy orderBy) {
    SqlNode query = orderBy.query instanceof SqlWith with ? with.body : orderBy.query;
    if (!(query instanceof SqlSelect select)) {
      return;
    }
    SqlNodeList items = select.getSelectList();
    for (int i = 0; i < orderBy.orderList.size(); i++) {
      orderBy.orderList.set(i, resolve(orderBy.orderList.get(i), items));
    }
  }

  private static SqlNode resolve(SqlNode key, SqlNodeList items) {
    switch (key.getKind()) {
      case DESCENDING, NULLS_FIRST, NULLS_LAST -> {
        SqlCall call = (SqlCall) key;
        return call.getOperator()
            .createCall(call.getParserPosition(), resolve(call.operand(0), items));
      }
      default -> {
        for (int i = 0; i < items.size(); i++) {
          if (items.get(i) instanceof SqlIdentifier id && id.isStar()) {
            return key; // how many columns it stands for is not known yet
          }
          if (isSimple(key, nameOf(items.get(i)))) {
            return SqlLiteral.createExactNumeric(String.valueOf(i + 1), key.getParserPosition());
          }
        }
        return key;
      }
    }
  }

  /** The name of the column that {@code item} of a select list makes. */
  private static String nameOf(SqlNode item) {
    return item.getKind() == SqlKind.AS
        ? ((SqlIdentifier) ((SqlCall) item).operand(1)).getSimple()
        : figure(item).text;
  }

  private static Name figure(SqlNode node) {
    if (node instanceof SqlIdentifier id) {
      return new Name(id.names.get(id.names.size() - 1), true);
    }
    if (node instanceof SqlLiteral literal) {
      return literal(literal);
    }
    if (node instanceof SqlCase choice) {
      SqlNode otherwise = choice.getElseOperand();
      Name name = otherwise == null ? new Name(UNKNOWN, false) : figure(otherwise);
      return name.strong ? name : new Name("case", false);
    }
    if (node instanceof SqlSelect select) {
      return new Name(nameOf(select.getSelectList().get(0)), true);
    }
    return node instanceof SqlCall call ? call(call) : new Name(UNKNOWN, false);
  }

  private static Name literal(SqlLiteral literal) {
    SqlTypeName type = literal.getTypeName();
    if (type == SqlTypeName.BOOLEAN) {
      return new Name("bool", false);
    }
    if (SqlTypeName.INTERVAL_TYPES.contains(type)) {
      return new Name("interval", false);
    }
    return switch (type) {
      case DATE, TIME, TIMESTAMP -> new Name(type.getName().toLowerCase(Locale.ROOT), false);
      case UNKNOWN ->
          // DATE '…' and its like, before validation.
          new Name(
              literal.toString().startsWith("'")
                  ? UNKNOWN
                  : literal.toString().split(" ", 2)[0].toLowerCase(Locale.ROOT),
              false);
      default -> new Name(UNKNOWN, false);
    };
  }

  private static Name call(SqlCall call) {
    switch (call.getKind()) {
      case CAST -> {
        Name operand = figure(call.operand(0));
        return operand.strong ? operand : new Name(typeName(call.operand(1)), false);
      }
      case FILTER, WITHIN_GROUP, OVER, SCALAR_QUERY, RESPECT_NULLS, IGNORE_NULLS -> {
        return figure(call.operand(0));
      }
      case EXISTS, ROW, COALESCE, NULLIF, EXTRACT, GREATEST, LEAST -> {
        return new Name(call.getKind().name().toLowerCase(Locale.ROOT), true);
      }
      case TRIM -> {
        return new Name(
            switch (((SqlLiteral) call.operand(0)).getValueAs(SqlTrimFunction.Flag.class)) {
              case LEADING -> "ltrim";
              case TRAILING -> "rtrim";
              case BOTH -> "btrim";
            },
            true);
      }
      default -> {
        SqlSyntax syntax = call.getOperator().getSyntax();
        boolean function =
            syntax == SqlSyntax.FUNCTION
                || syntax == SqlSyntax.FUNCTION_STAR
                || syntax == SqlSyntax.ORDERED_FUNCTION
                || syntax == SqlSyntax.FUNCTION_ID
                || syntax == SqlSyntax.FUNCTION_ID_CONSTANT;
        return function
            ? new Name(call.getOperator().getName().toLowerCase(Locale.ROOT), true)
            : new Name(UNKNOWN, false);
      }
    }
  }

  /** PostgreSQL's own name of a type. */
  private static String typeName(SqlNode type) {
    if (!(type instanceof SqlDataTypeSpec spec)) {
      return UNKNOWN;
    }
    String name = spec.getTypeName().getSimple().toUpperCase(Locale.ROOT);
    return switch (name) {
      case "BOOLEAN" -> "bool";
      case "SMALLINT" -> "int2";
      case "INTEGER" -> "int4";
      case "BIGINT" -> "int8";
      case "REAL" -> "float4";
      case "FLOAT", "DOUBLE" -> "float8";
      case "DECIMAL" -> "numeric";
      case "CHAR" -> "bpchar";
      case "VARBINARY" -> "bytea";
      case "TIMESTAMP_WITH_LOCAL_TIME_ZONE" -> "timestamptz";
      case "VARCHAR" ->
          spec.getTypeNameSpec() instanceof SqlBasicTypeNameSpec basic && basic.getPrecision() > 0
              ? "varchar"
              : "text";
      default -> name.toLowerCase(Locale.ROOT);
    };
  }
}
