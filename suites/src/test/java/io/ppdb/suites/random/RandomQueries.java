package io.ppdb.suites.random;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;

/**
 * Random queries. Not generated is {@code LIMIT} without an order over all columns, whose rows are
 * whatever comes first.
 */
final class RandomQueries extends RandomExpressions {
  private final RandomWindows windows;

  RandomQueries(Random random) {
    super(random);
    windows = new RandomWindows(random);
  }

  /** A query; its last line is ORDER BY if its rows have an order. */
  RandomStatement query() {
    return switch (number(13)) {
      case 0 -> statement(setOperation());
      case 1 -> statement(commonTable());
      case 2 -> statement(derivedTable());
      case 3, 4 -> statement(grouped());
      case 5 -> statement(distinctOn());
      case 6 -> statement(recursive());
      case 7 -> statement(lateral());
      case 8, 9 -> windows.query();
      default -> statement(plain());
    };
  }

  private String plain() {
    List<Column> scope = new ArrayList<>();
    String from = from(scope);
    int count = 1 + number(3);
    List<String> items = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      items.add(any(scope, MAX_DEPTH));
    }
    String distinct = one(5) ? "DISTINCT " : "";
    return "SELECT " + distinct + String.join(", ", items) + from + where(scope) + order(count);
  }

  private String grouped() {
    List<Column> scope = new ArrayList<>();
    String from = from(scope);
    List<String> keys = new ArrayList<>();
    int keyCount = number(3);
    for (int i = 0; i < keyCount; i++) {
      keys.add(column(scope).name());
    }
    List<String> items = new ArrayList<>(keys);
    int aggregateCount = 1 + number(3);
    for (int i = 0; i < aggregateCount; i++) {
      items.add(aggregate(scope));
    }
    String having = one(3) ? "\nHAVING " + integerAggregate(scope) + comparison() + number(5) : "";
    if (having.contains("sum(DISTINCT")) {
      notFor.add(DUCK_DB); // has a row in seed 20262362 that H2 and PPDB do not have
    }
    return "SELECT "
        + String.join(", ", items)
        + from
        + where(scope)
        + group(keys)
        + having
        + order(items.size());
  }

  private String group(List<String> keys) {
    if (keys.isEmpty()) {
      return "";
    }
    String all = String.join(", ", keys);
    if (one(4)) {
      notFor.add(H2); // has no grouping sets
      String sets = String.join("), (", keys);
      return "\nGROUP BY "
          + pick(
              "ROLLUP (" + all + ")", "CUBE (" + all + ")", "GROUPING SETS ((" + sets + "), ())");
    }
    return "\nGROUP BY " + all;
  }

  private String setOperation() {
    List<Type> types = new ArrayList<>();
    int count = 1 + number(2);
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
    String operator = pick(" UNION ALL ", " UNION ", " EXCEPT ", " INTERSECT ");
    return side.get() + operator + side.get() + order(count);
  }

  private String commonTable() {
    List<Column> scope = new ArrayList<>();
    String from = from(scope);
    String inner =
        "SELECT " + integer(scope, 2) + " AS p, " + text(scope, 2) + " AS q" + from + where(scope);
    List<Column> outer = new ArrayList<>();
    outer.add(new Column("c.p", Type.INT));
    outer.add(new Column("c.q", Type.TEXT));
    String table = one(2) ? " c" : join(" c", outer);
    String items = "SELECT c.p, c.q, " + any(outer, 2);
    return "WITH c AS (" + inner + ") " + items + "\nFROM" + table + where(outer) + order(3);
  }

  private String derivedTable() {
    List<Column> scope = new ArrayList<>();
    String from = from(scope);
    String key = column(scope).name();
    String items = key + " AS k, count(*) AS p, sum(" + integer(scope, 1) + ") AS q";
    String inner = "SELECT " + items + from + where(scope) + "\nGROUP BY " + key;
    List<Column> outer = new ArrayList<>();
    outer.add(new Column("v.p", Type.INT));
    outer.add(new Column("v.q", Type.INT));
    String select = "SELECT v.k, v.p, " + any(outer, 2);
    return select + "\nFROM (" + inner + ") AS v" + where(outer) + order(3);
  }

  private String distinctOn() {
    List<Column> scope = new ArrayList<>();
    String from = "\nFROM" + table(scope);
    String id = scope.get(0).name();
    String key = column(scope).name();
    String items = key + ", " + id + ", " + any(scope, 2);
    String order = "\nORDER BY " + key + nulls() + ", " + id + pick("", " DESC");
    return "SELECT DISTINCT ON (" + key + ") " + items + from + where(scope) + order;
  }

  /** Steps are counted, so that it ends. */
  private String recursive() {
    List<Column> start = new ArrayList<>();
    String from = "\nFROM" + table(start);
    String first = "SELECT 0, " + integer(start, 1) + from + where(start);
    List<Column> scope = new ArrayList<>();
    String table = table(scope);
    scope.add(new Column("r.x", Type.INT));
    String keys = column(Type.INT, scope) + " = r.x";
    String next =
        one(3)
            ? "SELECT step + 1, " + integer(List.of(new Column("r.x", Type.INT)), 1) + " FROM r"
            : "SELECT step + 1, " + integer(scope, 1) + " FROM r JOIN" + table + " ON " + keys;
    String union = pick(" UNION ALL ", " UNION ");
    if (union.equals(" UNION ") || next.contains("MOD(")) {
      notFor.add(H2); // keeps rows of the first query that are equal; takes x for text in MOD
    }
    return "WITH RECURSIVE r (step, x) AS ("
        + first
        + union
        + next
        + " WHERE step < "
        + (1 + number(4))
        + ") SELECT step, x, count(*) FROM r GROUP BY step, x"
        + order(3);
  }

  private String lateral() {
    notFor.add(H2);
    List<Column> outer = new ArrayList<>();
    String table = table(outer);
    List<Column> inner = new ArrayList<>();
    String from = "\nFROM" + table(inner);
    List<Column> both = new ArrayList<>(outer);
    both.addAll(inner);
    String id = inner.get(0).name();
    String columns = "SELECT " + id + " AS p, " + integer(both, 1) + " AS q";
    String limit = one(2) ? " ORDER BY " + id + " DESC LIMIT " + number(3) : "";
    String query = columns + from + " WHERE " + condition(both, 2) + limit;
    String join = one(2) ? ", LATERAL (" + query + ") v" : "";
    if (join.isEmpty()) {
      join = " LEFT JOIN LATERAL (" + query + ") v ON TRUE";
    }
    return "SELECT " + outer.get(0).name() + ", v.p, v.q\nFROM" + table + join + order(3);
  }

  private String order(int columnCount) {
    if (one(2)) {
      return "";
    }
    List<String> keys = new ArrayList<>();
    for (int i = 1; i <= columnCount; i++) {
      keys.add(i + nulls());
    }
    String limit = one(3) ? " LIMIT " + number(6) : "";
    String offset = one(6) ? " OFFSET " + number(3) : "";
    return "\nORDER BY " + String.join(", ", keys) + limit + offset;
  }

  private String nulls() {
    return pick("", " DESC", " NULLS FIRST", " DESC NULLS LAST");
  }

  private String aggregate(List<Column> scope) {
    return switch (number(6)) {
      case 0 -> pick("min", "max") + "(" + of(notBool(), scope, 1) + ")";
      case 1 -> "sum(" + column(one(2) ? Type.DECIMAL : Type.DOUBLE, scope) + ")";
      case 2 -> "avg(" + integer(scope, 1) + ")";
      case 3 -> "count(DISTINCT " + any(scope, 1) + ")";
      default -> integerAggregate(scope);
    };
  }

  private String integerAggregate(List<Column> scope) {
    return switch (number(6)) {
      case 0 -> "count(*)";
      case 1 -> "count(" + any(scope, 1) + ")";
      case 2 -> "sum(DISTINCT " + integer(scope, 1) + ")";
      case 3 -> "count(*) FILTER (WHERE " + condition(scope, 1) + ")";
      case 4 -> pick("min(", "max(") + integer(scope, 1) + ")";
      default -> "sum(" + integer(scope, 2) + ")";
    };
  }
}
