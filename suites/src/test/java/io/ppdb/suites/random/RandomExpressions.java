package io.ppdb.suites.random;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;

/**
 * Random tables, and expressions over their columns, in the SQL that PPDB, PostgreSQL, H2 and
 * DuckDB understand alike; where one of them does not, {@link #notFor} has its name. What they see
 * differently is not generated:
 *
 * <ul>
 *   <li>division of decimals (scale of the quotient), by zero, and of doubles;
 *   <li>arithmetic near the limits of a type;
 *   <li>doubles that are not multiples of a quarter, whose sums depend on the order;
 *   <li>{@code EXISTS (…) IS NULL}, which H2 does not read;
 *   <li>text other than ASCII letters, comparisons of text with other types.
 * </ul>
 */
abstract class RandomExpressions {
  enum Type {
    INT,
    DECIMAL,
    DOUBLE,
    TEXT,
    BOOL,
    DATE,
    TIMESTAMP
  }

  /** A column that can be named, with its table's alias. */
  record Column(String name, Type type) {}

  static final int MAX_DEPTH = 3;
  static final String H2 = "H2";
  static final String DUCK_DB = "DuckDB";

  private static final int MAX_SUB_QUERY_DEPTH = 2;
  private static final String[] TEXTS = {"a", "b", "B", "ab", "ba", "abc", "", "bab", "aa"};
  private static final String[] PATTERNS = {"a%", "%b", "_", "%a%", "", "_b%", "ab", "%"};

  /** Who does not understand what was generated since the last {@link #statement}. */
  final Set<String> notFor = new TreeSet<>();

  private final Random random;
  private int aliasCount;
  private int subQueryDepth;

  RandomExpressions(Random random) {
    this.random = random;
  }

  /** Ends a statement. */
  RandomStatement statement(String sql) {
    RandomStatement statement = new RandomStatement(sql, Set.copyOf(notFor));
    notFor.clear();
    return statement;
  }

  /** Statements that make and fill {@code t0}, {@code t1} and {@code t2}. */
  List<RandomStatement> tables() {
    List<RandomStatement> statements = new ArrayList<>();
    for (int t = 0; t < 3; t++) {
      statements.add(
          statement(
              "CREATE TABLE t"
                  + t
                  + " (id INTEGER PRIMARY KEY, i INTEGER, j INTEGER NOT NULL,"
                  + " n DECIMAL(8, 2), d DOUBLE PRECISION, s VARCHAR(20), b BOOLEAN, e DATE,"
                  + " z TIMESTAMP)"));
      if (random.nextBoolean()) {
        String columns = pick("i", "s", "j, i", "e");
        statements.add(statement("CREATE INDEX x" + t + " ON t" + t + " (" + columns + ")"));
      }
      int rowCount = random.nextInt(t == 1 ? 4 : 14);
      for (int row = 0; row < rowCount; row++) {
        List<String> values = new ArrayList<>(List.of(row + "", nullable(Type.INT)));
        values.add(literal(Type.INT));
        for (Type type : List.of(Type.DECIMAL, Type.DOUBLE, Type.TEXT)) {
          values.add(nullable(type));
        }
        for (Type type : List.of(Type.BOOL, Type.DATE, Type.TIMESTAMP)) {
          values.add(nullable(type));
        }
        String all = String.join(", ", values);
        statements.add(statement("INSERT INTO t" + t + " VALUES (" + all + ")"));
      }
    }
    return statements;
  }

  /** FROM with a table or two; their columns are added to {@code scope}. */
  String from(List<Column> scope) {
    String first = table(scope);
    return "\nFROM" + (one(2) ? first : join(first, scope));
  }

  String join(String first, List<Column> scope) {
    List<Column> left = List.copyOf(scope);
    List<Column> right = new ArrayList<>();
    String second = table(right);
    scope.addAll(right);
    String keys = integer(left, 0) + " = " + integer(right, 0);
    String condition =
        switch (random.nextInt(4)) {
          case 0 -> condition(scope, 1);
          case 1 -> keys + " AND " + condition(scope, 1);
          default -> keys;
        };
    if (one(8)) {
      notFor.add(H2);
      return first + " FULL JOIN" + second + " ON " + keys;
    }
    String kind = pick(" JOIN", " LEFT JOIN", " LEFT JOIN", " RIGHT JOIN");
    return first + kind + second + " ON " + condition;
  }

  String table(List<Column> scope) {
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

  String where(List<Column> scope) {
    return one(2) ? "" : "\nWHERE " + condition(scope, MAX_DEPTH);
  }

  Type type() {
    return Type.values()[random.nextInt(Type.values().length)];
  }

  Type notBool() {
    Type type = type();
    return type == Type.BOOL ? Type.TEXT : type;
  }

  String any(List<Column> scope, int depth) {
    return of(type(), scope, depth);
  }

  String of(Type type, List<Column> scope, int depth) {
    int less = depth - 1;
    if (depth > 0 && one(6)) {
      String when = "CASE WHEN " + condition(scope, less) + " THEN " + of(type, scope, less);
      return when + (one(3) ? "" : " ELSE " + of(type, scope, less)) + " END";
    }
    if (depth > 0 && one(8)) {
      return "COALESCE(" + of(type, scope, less) + ", " + of(type, scope, less) + ")";
    }
    return switch (type) {
      case INT -> integer(scope, depth);
      case TEXT -> text(scope, depth);
      case BOOL -> depth > 0 && one(2) ? condition(scope, less) : column(type, scope);
      case DECIMAL, DOUBLE ->
          depth > 0 && one(3)
              ? "(" + of(type, scope, less) + pick(" + ", " - ") + of(type, scope, less) + ")"
              : column(type, scope);
      case DATE -> date(scope, depth);
      case TIMESTAMP -> timestamp(scope, depth);
    };
  }

  String integer(List<Column> scope, int depth) {
    if (depth <= 0 || one(2)) {
      return one(4) && depth > 0 ? literal(Type.INT) : column(Type.INT, scope);
    }
    String left = integer(scope, depth - 1);
    String right = integer(scope, depth - 1);
    return switch (random.nextInt(10)) {
      case 0 -> "(" + left + " / NULLIF(" + right + ", 0))";
      case 1 -> "MOD(" + left + ", NULLIF(" + right + ", 0))";
      case 2 -> "CAST(LENGTH(" + text(scope, depth - 1) + ") AS INTEGER)";
      case 3 -> "ABS(" + left + ")";
      case 4 -> "(- " + left + ")";
      case 5 -> "(" + left + " * " + literal(Type.INT) + ")";
      case 6 -> field(scope, depth - 1);
      case 7 -> {
        notFor.add(H2); // its difference of dates is an interval
        yield "CAST(" + date(scope, depth - 1) + " - " + date(scope, depth - 1) + " AS INTEGER)";
      }
      default -> "(" + left + pick(" + ", " - ") + right + ")";
    };
  }

  private String field(List<Column> scope, int depth) {
    String value =
        one(2)
            ? pick("YEAR", "MONTH", "DAY", "QUARTER", "DOY", "ISODOW")
                + " FROM "
                + date(scope, depth)
            : pick("YEAR", "DAY", "HOUR", "MINUTE") + " FROM " + timestamp(scope, depth);
    return "CAST(EXTRACT(" + value + ") AS INTEGER)";
  }

  private String date(List<Column> scope, int depth) {
    if (depth <= 0 || one(2)) {
      return one(5) ? literal(Type.DATE) : column(Type.DATE, scope);
    }
    String date = date(scope, depth - 1);
    return switch (random.nextInt(3)) {
      case 0 -> "CAST(" + timestamp(scope, depth - 1) + " AS DATE)";
      case 1 -> "(" + date + " - " + (1 + random.nextInt(40)) + ")";
      default -> "(" + date + " + " + (1 + random.nextInt(40)) + ")";
    };
  }

  private String timestamp(List<Column> scope, int depth) {
    if (depth <= 0 || one(2)) {
      return one(5) ? literal(Type.TIMESTAMP) : column(Type.TIMESTAMP, scope);
    }
    String time = timestamp(scope, depth - 1);
    return switch (random.nextInt(4)) {
      case 0 -> "CAST(" + date(scope, depth - 1) + " AS TIMESTAMP)";
      case 1 -> {
        String unit = pick("year", "month", "day", "hour", "week");
        if (unit.equals("week")) {
          notFor.add(H2); // begins where the machine's language has it
        }
        yield "DATE_TRUNC('" + unit + "', " + time + ")";
      }
      default -> {
        String unit = pick("MONTH", "DAY", "HOUR", "MINUTE", "YEAR");
        String interval = "INTERVAL '" + random.nextInt(40) + "' " + unit;
        yield "(" + time + pick(" + ", " - ") + interval + ")";
      }
    };
  }

  String text(List<Column> scope, int depth) {
    if (depth <= 0 || one(2)) {
      return one(5) ? literal(Type.TEXT) : column(Type.TEXT, scope);
    }
    String operand = text(scope, depth - 1);
    return switch (random.nextInt(4)) {
      case 0 -> "UPPER(" + operand + ")";
      case 1 -> "LOWER(" + operand + ")";
      case 2 -> {
        String part = " FROM " + (1 + random.nextInt(3)) + " FOR " + random.nextInt(3);
        yield "SUBSTRING(" + operand + part + ")";
      }
      default -> "(" + operand + " || " + text(scope, depth - 1) + ")";
    };
  }

  String condition(List<Column> scope, int depth) {
    if (depth > 0 && one(2)) {
      int less = depth - 1;
      return switch (random.nextInt(6)) {
        case 0 -> "(NOT " + condition(scope, less) + ")";
        case 1 ->
            subQueryDepth < MAX_SUB_QUERY_DEPTH ? subQuery(scope, less) : condition(scope, less);
        case 2, 3 -> "(" + condition(scope, less) + " OR " + condition(scope, less) + ")";
        default -> "(" + condition(scope, less) + " AND " + condition(scope, less) + ")";
      };
    }
    Type type = type();
    return "("
        + switch (random.nextInt(8)) {
          case 0 ->
              (type == Type.BOOL ? column(type, scope) : of(type, scope, depth))
                  + pick(" IS NULL", " IS NOT NULL");
          case 1 ->
              of(type, scope, depth)
                  + pick(" IN (", " NOT IN (")
                  + literal(type)
                  + ", "
                  + (one(6) ? "NULL" : literal(type))
                  + ")";
          case 2 -> text(scope, depth) + pick(" LIKE '", " NOT LIKE '") + pick(PATTERNS) + "'";
          case 3 ->
              of(type, scope, depth)
                  + pick(" BETWEEN ", " NOT BETWEEN ")
                  + literal(type)
                  + " AND "
                  + literal(type);
          case 4 ->
              of(type, scope, depth)
                  + pick(" IS DISTINCT FROM ", " IS NOT DISTINCT FROM ")
                  + of(type, scope, depth);
          case 5 -> column(Type.BOOL, scope) + pick(" IS TRUE", " IS NOT TRUE", " IS FALSE");
          default -> {
            String left = of(type, scope, depth);
            yield left + comparison() + (one(2) ? literal(type) : of(type, scope, depth));
          }
        }
        + ")";
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
    return "("
        + switch (random.nextInt(4)) {
          case 0 -> "EXISTS (SELECT 1" + from + ")";
          case 1 -> "NOT EXISTS (SELECT 1" + from + ")";
          case 2 -> {
            String in = column(type, outer) + pick(" IN", " NOT IN");
            yield in + " (SELECT " + column(type, inner) + from + ")";
          }
          default -> {
            String aggregate = pick("max", "min", "count") + "(" + column(Type.INT, inner) + ")";
            yield integer(outer, 0) + comparison() + "(SELECT " + aggregate + from + ")";
          }
        }
        + ")";
  }

  String column(Type type, List<Column> scope) {
    List<Column> fitting = scope.stream().filter(column -> column.type == type).toList();
    return fitting.isEmpty() ? literal(type) : fitting.get(random.nextInt(fitting.size())).name;
  }

  Column column(List<Column> scope) {
    return scope.get(random.nextInt(scope.size()));
  }

  String nullable(Type type) {
    return one(4) ? "NULL" : literal(type);
  }

  String literal(Type type) {
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

  String comparison() {
    return pick(" = ", " <> ", " < ", " <= ", " > ", " >= ");
  }

  /** True once in {@code in} times. */
  boolean one(int in) {
    return random.nextInt(in) == 0;
  }

  int number(int bound) {
    return random.nextInt(bound);
  }

  String pick(String... choices) {
    return choices[random.nextInt(choices.length)];
  }
}
