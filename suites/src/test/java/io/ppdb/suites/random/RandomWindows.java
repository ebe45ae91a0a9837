package io.ppdb.suites.random;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Random queries with window functions. Where a result depends on the order of rows that are equal,
 * the keys of the tables make that order total.
 */
final class RandomWindows extends RandomExpressions {
  RandomWindows(Random random) {
    super(random);
  }

  RandomStatement query() {
    return statement(
        switch (number(4)) {
          case 0 -> overGroups();
          case 1 -> firstOfEach();
          default -> overRows();
        });
  }

  private String overRows() {
    List<Column> scope = new ArrayList<>();
    String from = from(scope);
    List<String> items = new ArrayList<>(keys(scope));
    int count = 1 + number(3);
    for (int i = 0; i < count; i++) {
      items.add(window(scope));
    }
    return "SELECT " + String.join(", ", items) + from + where(scope);
  }

  /** Windows whose rows are groups. */
  private String overGroups() {
    List<Column> scope = new ArrayList<>();
    String from = from(scope);
    String key = column(scope).name();
    String sum = "sum(" + integer(scope, 1) + ")";
    String rank = "rank() OVER (ORDER BY count(*)" + nulls() + ", " + sum + nulls() + ")";
    String running = "sum(count(*)) OVER (ORDER BY " + key + nulls() + ")";
    String items = String.join(", ", key, sum, rank, running);
    return "SELECT " + items + from + where(scope) + "\nGROUP BY " + key;
  }

  /** A filter on what a window computes. */
  private String firstOfEach() {
    List<Column> scope = new ArrayList<>();
    String from = from(scope);
    String number = "row_number() OVER (" + partition(scope) + total(scope) + ")";
    String any = any(scope, 1);
    String inner = "SELECT " + any + " AS x, " + number + " AS place" + from + where(scope);
    return "SELECT x, place\nFROM (" + inner + ") v WHERE place <= " + (1 + number(2));
  }

  private String window(List<Column> scope) {
    String over = " OVER (" + partition(scope);
    String key = "ORDER BY " + column(scope).name() + nulls();
    return switch (number(9)) {
      case 0 -> "row_number()" + over + total(scope) + ")";
      case 1 -> pick("rank()", "dense_rank()") + over + key + ")";
      case 2 -> pick("percent_rank()", "cume_dist()") + over + key + ")";
      case 3 -> "ntile(" + (1 + number(4)) + ")" + over + total(scope) + ")";
      case 4 -> {
        String distance = one(2) ? "" : ", " + number(3);
        String call = pick("lag(", "lead(") + column(scope).name() + distance + ")";
        yield call + over + total(scope) + ")";
      }
      case 5 -> {
        String value = column(scope).name();
        String call =
            pick("first_value(" + value, "last_value(" + value, "nth_value(" + value + ", 2") + ")";
        yield call + over + total(scope) + rows() + ")";
      }
      case 6 -> aggregate(scope) + over + total(scope) + rows() + ")";
      case 7 -> aggregate(scope) + over + range(scope) + ")";
      default -> aggregate(scope) + over + (one(2) ? key : "") + ")";
    };
  }

  private String aggregate(List<Column> scope) {
    String call =
        switch (number(5)) {
          case 0 -> "count(*)";
          case 1 -> "count(" + any(scope, 1) + ")";
          case 2 -> pick("min(", "max(") + of(notBool(), scope, 1) + ")";
          case 3 -> "avg(" + integer(scope, 1) + ")";
          default -> "sum(" + integer(scope, 1) + ")";
        };
    return one(5) ? call + " FILTER (WHERE " + condition(scope, 1) + ")" : call;
  }

  private String partition(List<Column> scope) {
    return one(3) ? "" : "PARTITION BY " + column(scope).name() + " ";
  }

  private String total(List<Column> scope) {
    List<String> keys = new ArrayList<>();
    if (!one(3)) {
      keys.add(column(scope).name() + nulls());
    }
    keys(scope).forEach(key -> keys.add(key + nulls()));
    return "ORDER BY " + String.join(", ", keys);
  }

  private static List<String> keys(List<Column> scope) {
    return scope.stream().map(Column::name).filter(name -> name.endsWith(".id")).toList();
  }

  private String nulls() {
    return pick(" NULLS FIRST", " NULLS LAST", " DESC NULLS FIRST", " DESC NULLS LAST");
  }

  private String rows() {
    return " ROWS " + between() + exclude();
  }

  private String range(List<Column> scope) {
    String key = "ORDER BY " + column(Type.INT, scope) + nulls();
    return one(4) ? key + " RANGE UNBOUNDED PRECEDING" : key + " RANGE " + between() + exclude();
  }

  private String between() {
    return switch (number(6)) {
      case 0 -> "BETWEEN UNBOUNDED PRECEDING AND " + number(3) + " FOLLOWING";
      case 1 -> "BETWEEN " + number(3) + " PRECEDING AND CURRENT ROW";
      case 2 -> "BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING";
      case 3 -> "BETWEEN " + (1 + number(2)) + " PRECEDING AND 1 PRECEDING";
      case 4 -> "BETWEEN 1 FOLLOWING AND " + (1 + number(3)) + " FOLLOWING";
      default -> "BETWEEN " + number(3) + " PRECEDING AND " + number(3) + " FOLLOWING";
    };
  }

  private String exclude() {
    return one(3) ? " EXCLUDE " + pick("CURRENT ROW", "GROUP", "TIES", "NO OTHERS") : "";
  }
}
