package io.ppdb.suites.random;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;

/**
 * Random tables and queries in the SQL that PPDB, H2 and DuckDB understand alike. What they see
 * differently is not generated:
 *
 * <ul>
 *   <li>division of decimals (scale of the quotient), by zero, and of doubles;
 *   <li>arithmetic near the limits of a type;
 *   <li>doubles that are not multiples of a quarter, whose sums depend on the order;
 *   <li>{@code LIMIT} without an order over all columns;
 *   <li>{@code EXISTS (…) IS NULL}, which H2 does not read;
 *   <li>text other than ASCII letters, comparisons of text with other types.
 * </ul>
 */
final class RandomQueries {
  private enum Type {
    INT,
    DECIMAL,
    DOUBLE,
    TEXT,
    BOOL,
    DATE,
    TIMESTAMP
  }

  /** A column that can be named, with its table's alias. */
  private record Column(String name, Type type) {}

  private static final String[] TEXTS = {"a", "b", "B", "ab", "ba", "abc", "", "bab", "aa"};
  private static final String[] PATTERNS = {"a%", "%b", "_", "%a%", "", "_b%", "ab", "%"};
  private static final int MAX_DEPTH = 3;
  private static final int MAX_SUB_QUERY_DEPTH = 2;

  private final Random random;
  private int aliasCount;
  private int subQueryDepth;

  RandomQueries(Random random) {
    this.random = random;
  }

  /** Statements that make and fill {@code t0}, {@code t1} and {@code t2}. */
  List<String> tables() {
    List<String> statements = new ArrayList<>();
    for (int t = 0; t < 3; t++) {
      statements.add(
          "CREATE TABLE t"
              + t
              + " (id INTEGER PRIMARY KEY, i INTEGER, j INTEGER NOT NULL,"
              + " n DECIMAL(8, 2), d DOUBLE PRECISION, s VARCHAR(20), b BOOLEAN, e DATE,"
              + " z TIMESTAMP)");
      if (random.nextBoolean()) {
        statements.add(
            "CREATE INDEX x" + t + " ON t" + t + " (" + pick("i", "s", "j, i", "e") + ")");
      }
      int rowCount = random.nextInt(t == 1 ? 4 : 14);
      for (int row = 0; row < rowCount; row++) {
        statements.add(
            "INSERT INTO t"
                + t
                + " VALUES ("
                + row
                + ", "
                + nullable(Type.INT)
                + ", "
                + literal(Type.INT)
                + ", "
                + nullable(Type.DECIMAL)
                + ", "
                + nullable(Type.DOUBLE)
                + ", "
                + nullable(Type.TEXT)
                + ", "
                + nullable(Type.BOOL)
                + ", "
                + nullable(Type.DATE)
                + ", "
                + nullable(Type.TIMESTAMP)
                + ")");
      }
    }
    return statements;
  }

  /** A query; it ends in ORDER BY if its rows have an order. */
  String query() {
    return switch (random.nextInt(8)) {
      case 0 -> setOperation();
      case 1 -> commonTable();
      case 2 -> derivedTable();
      case 3, 4 -> grouped();
      default -> plain();
    };
  }

  private String plain() {
    List<Column> scope = new ArrayList<>();
    String from = from(scope);
    int count = 1 + random.nextInt(3);
    List<String> items = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      items.add(any(scope, MAX_DEPTH));
    }
    return "SELECT "
        + (one(5) ? "DISTINCT " : "")
        + String.join(", ", items)
        + from
        + where(scope)
        + order(count);
  }

  private String grouped() {
    List<Column> scope = new ArrayList<>();
    String from = from(scope);
    int keyCount = random.nextInt(3);
    List<Column> keys = new ArrayList<>();
    List<String> items = new ArrayList<>();
    for (int i = 0; i < keyCount; i++) {
      Column key = scope.get(random.nextInt(scope.size()));
      keys.add(key);
      items.add(key.name);
    }
    int aggregateCount = 1 + random.nextInt(3);
    for (int i = 0; i < aggregateCount; i++) {
      items.add(aggregate(scope));
    }
    String having =
        one(3) ? " HAVING " + integerAggregate(scope) + comparison() + random.nextInt(5) : "";
    String group =
        keys.isEmpty()
            ? ""
            : " GROUP BY " + String.join(", ", keys.stream().map(Column::name).toList());
    return "SELECT "
        + String.join(", ", items)
        + from
        + where(scope)
        + group
        + having
        + order(items.size());
  }

  private String setOperation() {
    List<Type> types = new ArrayList<>();
    int count = 1 + random.nextInt(2);
    for (int i = 0; i < count; i++) {
      types.add(type());
    }
    Supplier<String> side =
        () -> {
          List<Column> scope = new ArrayList<>();
          String from = from(scope);
          List<String> items = types.stream().map(type -> of(type, scope, 2)).toList();
          return "SELECT " + String.join(", ", items) + from + where(scope);
        };
    return side.get()
        + pick(" UNION ALL ", " UNION ", " EXCEPT ", " INTERSECT ")
        + side.get()
        + order(count);
  }

  private String commonTable() {
    List<Column> scope = new ArrayList<>();
    String from = from(scope);
    String inner =
        "SELECT " + integer(scope, 2) + " AS p, " + text(scope, 2) + " AS q" + from + where(scope);
    List<Column> outer = new ArrayList<>();
    outer.add(new Column("c.p", Type.INT));
    outer.add(new Column("c.q", Type.TEXT));
    String join = one(2) ? "" : join(" c", outer);
    return "WITH c AS ("
        + inner
        + ") SELECT c.p, c.q, "
        + any(outer, 2)
        + " FROM"
        + (join.isEmpty() ? " c" : join)
        + where(outer)
        + order(3);
  }

  private String derivedTable() {
    List<Column> scope = new ArrayList<>();
    String from = from(scope);
    String key = scope.get(random.nextInt(scope.size())).name;
    String inner =
        "SELECT "
            + key
            + " AS k, count(*) AS p, sum("
            + integer(scope, 1)
            + ") AS q"
            + from
            + where(scope)
            + " GROUP BY "
            + key;
    List<Column> outer = new ArrayList<>();
    outer.add(new Column("v.p", Type.INT));
    outer.add(new Column("v.q", Type.INT));
    return "SELECT v.k, v.p, "
        + any(outer, 2)
        + " FROM ("
        + inner
        + ") AS v"
        + where(outer)
        + order(3);
  }

  private String from(List<Column> scope) {
    String first = table(scope);
    return " FROM" + (one(2) ? first : join(first, scope));
  }

  private String join(String first, List<Column> scope) {
    List<Column> left = List.copyOf(scope);
    List<Column> right = new ArrayList<>();
    String second = table(right);
    scope.addAll(right);
    String condition =
        switch (random.nextInt(4)) {
          case 0 -> condition(scope, 1);
          case 1 -> integer(left, 0) + " = " + integer(right, 0) + " AND " + condition(scope, 1);
          default -> integer(left, 0) + " = " + integer(right, 0);
        };
    return first
        + pick(" JOIN", " LEFT JOIN", " LEFT JOIN", " RIGHT JOIN")
        + second
        + " ON "
        + condition;
  }

  private String table(List<Column> scope) {
    String alias = "a" + aliasCount++;
    scope.add(new Column(alias + ".id", Type.INT));
    scope.add(new Column(alias + ".i", Type.INT));
    scope.add(new Column(alias + ".j", Type.INT));
    scope.add(new Column(alias + ".n", Type.DECIMAL));
    scope.add(new Column(alias + ".d", Type.DOUBLE));
    scope.add(new Column(alias + ".s", Type.TEXT));
    scope.add(new Column(alias + ".b", Type.BOOL));
    scope.add(new Column(alias + ".e", Type.DATE));
    scope.add(new Column(alias + ".z", Type.TIMESTAMP));
    return " t" + random.nextInt(3) + " " + alias;
  }

  private String where(List<Column> scope) {
    return one(4) ? "" : " WHERE " + condition(scope, MAX_DEPTH);
  }

  private String order(int columnCount) {
    if (one(2)) {
      return "";
    }
    List<String> keys = new ArrayList<>();
    for (int i = 1; i <= columnCount; i++) {
      keys.add(i + pick("", " DESC", " NULLS FIRST", " DESC NULLS LAST"));
    }
    String limit = one(3) ? " LIMIT " + random.nextInt(6) : "";
    String offset = one(6) ? " OFFSET " + random.nextInt(3) : "";
    return " ORDER BY " + String.join(", ", keys) + limit + offset;
  }

  private String aggregate(List<Column> scope) {
    return switch (random.nextInt(6)) {
      case 0 -> pick("min", "max") + "(" + of(notBool(), scope, 1) + ")";
      case 1 -> "sum(" + (one(2) ? column(Type.DECIMAL, scope) : column(Type.DOUBLE, scope)) + ")";
      case 2 -> "avg(" + integer(scope, 1) + ")";
      case 3 -> "count(DISTINCT " + any(scope, 1) + ")";
      default -> integerAggregate(scope);
    };
  }

  private String integerAggregate(List<Column> scope) {
    return switch (random.nextInt(6)) {
      case 0 -> "count(*)";
      case 1 -> "count(" + any(scope, 1) + ")";
      case 2 -> "sum(DISTINCT " + integer(scope, 1) + ")";
      case 3 -> "count(*) FILTER (WHERE " + condition(scope, 1) + ")";
      case 4 -> pick("min(", "max(") + integer(scope, 1) + ")";
      default -> "sum(" + integer(scope, 2) + ")";
    };
  }

  private Type type() {
    return Type.values()[random.nextInt(Type.values().length)];
  }

  private Type notBool() {
    Type type = type();
    return type == Type.BOOL ? Type.TEXT : type;
  }

  private String any(List<Column> scope, int depth) {
    return of(type(), scope, depth);
  }

  private String of(Type type, List<Column> scope, int depth) {
    if (depth > 0 && one(6)) {
      return "CASE WHEN "
          + condition(scope, depth - 1)
          + " THEN "
          + of(type, scope, depth - 1)
          + (one(3) ? "" : " ELSE " + of(type, scope, depth - 1))
          + " END";
    }
    if (depth > 0 && one(8)) {
      return "COALESCE(" + of(type, scope, depth - 1) + ", " + of(type, scope, depth - 1) + ")";
    }
    return switch (type) {
      case INT -> integer(scope, depth);
      case TEXT -> text(scope, depth);
      case BOOL -> depth > 0 && one(2) ? condition(scope, depth - 1) : column(type, scope);
      case DECIMAL, DOUBLE ->
          depth > 0 && one(3)
              ? "("
                  + of(type, scope, depth - 1)
                  + pick(" + ", " - ")
                  + of(type, scope, depth - 1)
                  + ")"
              : column(type, scope);
      case DATE, TIMESTAMP -> one(5) ? literal(type) : column(type, scope);
    };
  }

  private String integer(List<Column> scope, int depth) {
    if (depth <= 0 || one(2)) {
      return one(4) && depth > 0 ? literal(Type.INT) : column(Type.INT, scope);
    }
    String left = integer(scope, depth - 1);
    String right = integer(scope, depth - 1);
    return switch (random.nextInt(8)) {
      case 0 -> "(" + left + " / NULLIF(" + right + ", 0))";
      case 1 -> "MOD(" + left + ", NULLIF(" + right + ", 0))";
      case 2 -> "CAST(LENGTH(" + text(scope, depth - 1) + ") AS INTEGER)";
      case 3 -> "ABS(" + left + ")";
      case 4 -> "(- " + left + ")";
      case 5 -> "(" + left + " * " + literal(Type.INT) + ")";
      default -> "(" + left + pick(" + ", " - ") + right + ")";
    };
  }

  private String text(List<Column> scope, int depth) {
    if (depth <= 0 || one(2)) {
      return one(5) ? literal(Type.TEXT) : column(Type.TEXT, scope);
    }
    String operand = text(scope, depth - 1);
    return switch (random.nextInt(4)) {
      case 0 -> "UPPER(" + operand + ")";
      case 1 -> "LOWER(" + operand + ")";
      case 2 ->
          "SUBSTRING("
              + operand
              + " FROM "
              + (1 + random.nextInt(3))
              + " FOR "
              + random.nextInt(3)
              + ")";
      default -> "(" + operand + " || " + text(scope, depth - 1) + ")";
    };
  }

  private String condition(List<Column> scope, int depth) {
    if (depth > 0 && one(2)) {
      return switch (random.nextInt(6)) {
        case 0 -> "(NOT " + condition(scope, depth - 1) + ")";
        case 1 ->
            subQueryDepth < MAX_SUB_QUERY_DEPTH
                ? subQuery(scope, depth - 1)
                : condition(scope, depth - 1);
        case 2, 3 -> "(" + condition(scope, depth - 1) + " OR " + condition(scope, depth - 1) + ")";
        default -> "(" + condition(scope, depth - 1) + " AND " + condition(scope, depth - 1) + ")";
      };
    }
    Type type = type();
    return switch (random.nextInt(8)) {
      case 0 ->
          "("
              + (type == Type.BOOL ? column(type, scope) : of(type, scope, depth))
              + pick(" IS NULL", " IS NOT NULL")
              + ")";
      case 1 ->
          "("
              + of(type, scope, depth)
              + pick(" IN (", " NOT IN (")
              + literal(type)
              + ", "
              + (one(6) ? "NULL" : literal(type))
              + "))";
      case 2 -> "(" + text(scope, depth) + pick(" LIKE '", " NOT LIKE '") + pick(PATTERNS) + "')";
      case 3 ->
          "("
              + of(type, scope, depth)
              + pick(" BETWEEN ", " NOT BETWEEN ")
              + literal(type)
              + " AND "
              + literal(type)
              + ")";
      case 4 ->
          "("
              + of(type, scope, depth)
              + pick(" IS DISTINCT FROM ", " IS NOT DISTINCT FROM ")
              + of(type, scope, depth)
              + ")";
      case 5 ->
          "(" + column(Type.BOOL, scope) + pick(" IS TRUE", " IS NOT TRUE", " IS FALSE") + ")";
      default -> "(" + of(type, scope, depth) + comparison() + operand(type, scope, depth) + ")";
    };
  }

  private String operand(Type type, List<Column> scope, int depth) {
    return one(2) ? literal(type) : of(type, scope, depth);
  }

  private String subQuery(List<Column> outer, int depth) {
    List<Column> inner = new ArrayList<>();
    String table = table(inner);
    List<Column> both = new ArrayList<>(inner);
    both.addAll(outer);
    subQueryDepth++;
    String from = " FROM" + table + " WHERE " + condition(one(2) ? both : inner, depth);
    subQueryDepth--;
    Type type = one(2) ? Type.INT : Type.TEXT;
    return switch (random.nextInt(4)) {
      case 0 -> "(EXISTS (SELECT 1" + from + "))";
      case 1 -> "(NOT EXISTS (SELECT 1" + from + "))";
      case 2 ->
          "("
              + column(type, outer)
              + pick(" IN", " NOT IN")
              + " (SELECT "
              + column(type, inner)
              + from
              + "))";
      default ->
          "("
              + integer(outer, 0)
              + comparison()
              + "(SELECT "
              + pick("max", "min", "count")
              + "("
              + column(Type.INT, inner)
              + ")"
              + from
              + "))";
    };
  }

  private String column(Type type, List<Column> scope) {
    List<Column> fitting = scope.stream().filter(column -> column.type == type).toList();
    return fitting.isEmpty() ? literal(type) : fitting.get(random.nextInt(fitting.size())).name;
  }

  private String nullable(Type type) {
    return one(4) ? "NULL" : literal(type);
  }

  private String literal(Type type) {
    return switch (type) {
      case INT -> String.valueOf(random.nextInt(9) - 2);
      case DECIMAL ->
          "CAST(" + (random.nextInt(9) - 2) + "." + random.nextInt(10) + "5 AS DECIMAL(8, 2))";
      case DOUBLE -> "CAST(" + (random.nextInt(20) - 5) / 4.0 + " AS DOUBLE PRECISION)";
      case TEXT -> "'" + pick(TEXTS) + "'";
      case BOOL -> pick("TRUE", "FALSE");
      case DATE -> "DATE '2001-02-0" + (1 + random.nextInt(5)) + "'";
      case TIMESTAMP ->
          "TIMESTAMP '2001-02-0" + (1 + random.nextInt(3)) + " 10:00:0" + random.nextInt(3) + "'";
    };
  }

  private String comparison() {
    return pick(" = ", " <> ", " < ", " <= ", " > ", " >= ");
  }

  private boolean one(int in) {
    return random.nextInt(in) == 0;
  }

  private String pick(String... choices) {
    return choices[random.nextInt(choices.length)];
  }
}
