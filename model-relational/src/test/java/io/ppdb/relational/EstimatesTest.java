package io.ppdb.relational;

import static org.assertj.core.api.Assertions.assertThat;

import io.ppdb.kv.KeyValueStore;
import io.ppdb.kv.StoreOptions;
import io.ppdb.kv.memory.MemoryEngine;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Estimated rows against counted ones, of skewed data. */
class EstimatesTest {
  private static final int ORDERS = 20_000;
  private static final int LARGE_ROWS = 260_000;
  private static final Pattern ROWS = Pattern.compile("\\(rows=(\\d+)\\)");

  private static KeyValueStore store;
  private static RelationalSession session;

  @BeforeAll
  static void fill() {
    store = new MemoryEngine().open("", StoreOptions.DEFAULT);
    session = new RelationalEngine(store, List.of(), List.of()).openSession();
    session.execute(
        "CREATE TABLE orders (id INTEGER PRIMARY KEY, kind INTEGER, customer INTEGER,"
            + " city TEXT, price NUMERIC(10, 2), day DATE, note TEXT)");
    session.execute(
        "CREATE TABLE lines (district INTEGER, ord INTEGER, line INTEGER, item INTEGER,"
            + " PRIMARY KEY (district, ord, line))");
    session.execute("CREATE INDEX lines_item ON lines (item, district)");
    PreparedSql order =
        session.prepare(
            "INSERT INTO orders VALUES (?, ?, ?, ?, ?, DATE '2020-01-01' + CAST(? AS INTEGER), ?)");
    PreparedSql line = session.prepare("INSERT INTO lines VALUES (?, ?, ?, ?)");
    Random random = new Random(17);
    List<Object[]> orders = new ArrayList<>();
    List<Object[]> lines = new ArrayList<>();
    for (int i = 0; i < ORDERS; i++) {
      double skewed = Math.pow(random.nextDouble(), 4);
      orders.add(
          new Object[] {
            i,
            (int) (Math.pow(random.nextDouble(), 8) * 50),
            (int) (skewed * 3000),
            "city " + (char) ('a' + (int) (skewed * 26)) + random.nextInt(40),
            Math.round(random.nextGaussian() * 10_000) / 100.0,
            (int) (skewed * 1000),
            random.nextInt(10) < 3 ? null : "note"
          });
      if (i < 2000) {
        for (int number = 0; number < 5 + i % 11; number++) {
          lines.add(new Object[] {i % 10, i / 10, number, random.nextInt(300)});
        }
      }
    }
    order.executeBatch(orders);
    line.executeBatch(lines);
    session.execute("ANALYZE orders, lines");
    session.execute(
        "CREATE TABLE large (a INTEGER, b INTEGER, c INTEGER, d INTEGER, PRIMARY KEY (a, b))");
    session.execute("CREATE INDEX large_d ON large (d)");
    for (int from = 0; from < LARGE_ROWS; from += 26_000) {
      session.execute(
          "INSERT INTO large SELECT n / 20, n % 20, CASE WHEN n % 4 = 0 THEN 1 ELSE n / 100 END, n"
              + " / 800 FROM TABLE(generate_series("
              + from
              + ", "
              + (from + 25_999)
              + ")) AS s (n)");
    }
    session.execute("ANALYZE large");
  }

  @AfterAll
  static void close() {
    session.close();
    store.close();
  }

  /** The estimate of the topmost node. */
  private static double estimate(String sql) {
    String plan = SqlText.rows(session, "EXPLAIN " + sql).get(0);
    Matcher matcher = ROWS.matcher(plan);
    assertThat(matcher.find()).as(plan).isTrue();
    return Double.parseDouble(matcher.group(1));
  }

  private static double count(String sql) {
    return Double.parseDouble(
        SqlText.rows(session, "SELECT count(*) FROM (" + sql + ") AS counted").get(0));
  }

  /** Checks that the estimate is at most {@code bound} times too large or too small. */
  private static void assertEstimated(double bound, String sql) {
    double expected = Math.max(1, count(sql));
    double estimated = Math.max(1, estimate(sql));
    double error = Math.max(estimated / expected, expected / estimated);
    assertThat(error)
        .as("%s: estimated %s, there are %s", sql, estimated, expected)
        .isLessThanOrEqualTo(bound);
  }

  @Test
  void equalitiesWithCommonValuesAreKnownExactly() {
    for (int kind = 0; kind < 50; kind++) {
      assertEstimated(1.1, "SELECT * FROM orders WHERE kind = " + kind);
    }
    assertEstimated(1.1, "SELECT * FROM orders WHERE kind IN (0, 1, 7, 30)");
    assertEstimated(1.1, "SELECT * FROM orders WHERE kind <> 0");
    assertEstimated(1.2, "SELECT * FROM orders WHERE NOT (kind = 0 OR kind = 1)");
    assertEstimated(1.2, "SELECT * FROM orders WHERE customer = 0");
  }

  @Test
  void rangesAreKnownByTheParts() {
    for (int customer : new int[] {1, 3, 10, 40, 100, 250, 500, 1000, 2000, 2900}) {
      assertEstimated(1.3, "SELECT * FROM orders WHERE customer < " + customer);
      assertEstimated(1.3, "SELECT * FROM orders WHERE customer >= " + customer);
      assertEstimated(
          1.6,
          "SELECT * FROM orders WHERE customer BETWEEN " + customer + " AND " + customer * 3 / 2);
    }
    assertEstimated(1.3, "SELECT * FROM orders WHERE price > 150");
    assertEstimated(1.3, "SELECT * FROM orders WHERE price BETWEEN -10.5 AND 20.25");
    assertEstimated(1.3, "SELECT * FROM orders WHERE day < DATE '2020-03-01'");
    assertEstimated(
        1.3, "SELECT * FROM orders WHERE day >= DATE '2020-01-02' AND day < '2020-02-01'");
  }

  @Test
  void patternsNullsAndAlternativesAreEstimated() {
    assertEstimated(1.3, "SELECT * FROM orders WHERE city LIKE 'city a%'");
    assertEstimated(1.3, "SELECT * FROM orders WHERE city LIKE 'city z%'");
    assertEstimated(1.1, "SELECT * FROM orders WHERE note IS NULL");
    assertEstimated(1.1, "SELECT * FROM orders WHERE note IS NOT NULL");
    assertEstimated(1.5, "SELECT * FROM orders WHERE kind = 3 OR customer < 10");
    assertEstimated(1.5, "SELECT * FROM orders WHERE kind = 0 AND note IS NULL AND customer < 100");
  }

  @Test
  void groupsAndJoinsAreEstimated() {
    assertEstimated(1.2, "SELECT kind, count(*) FROM orders GROUP BY kind");
    assertEstimated(1.5, "SELECT customer, count(*) FROM orders GROUP BY customer");
    assertEstimated(1.1, "SELECT DISTINCT district, ord FROM lines");
    assertEstimated(1.2, "SELECT * FROM lines l JOIN orders o ON o.id = l.ord * 10 + l.district");
    assertEstimated(1.5, "SELECT * FROM orders o JOIN lines l ON l.item = o.id");
    assertEstimated(
        2, "SELECT * FROM lines a JOIN lines b ON a.district = b.district AND a.ord = b.ord");
  }

  @Test
  void beginningsOfKeysAreCounted() {
    String perOrder = "SELECT * FROM lines WHERE district = ? AND ord = ?";
    String perItem = "SELECT * FROM lines WHERE item = ?";
    assertThat(preparedEstimate(perOrder)).isBetween(9.0, 11.0); // 5 to 15 lines
    assertThat(preparedEstimate(perItem)).isBetween(60.0, 75.0); // 20,000 of 300 items
    assertThat(
            SqlText.rows(
                session,
                "SELECT key_name, column_count, n_distinct FROM information_schema.key_statistics"
                    + " WHERE table_name = 'lines' ORDER BY key_name, column_count"))
        .containsExactly(
            "lines_item|1|300",
            "lines_item|2|2998",
            "lines_pkey|1|10",
            "lines_pkey|2|2000",
            "lines_pkey|3|19991");
  }

  private static double preparedEstimate(String sql) {
    @Nullable Object[] parameters =
        new @Nullable Object[sql.length() - sql.replace("?", "").length()];
    Arrays.fill(parameters, 1);
    String plan = SqlText.rows(session, "EXPLAIN " + sql, parameters).get(0);
    Matcher matcher = ROWS.matcher(plan);
    assertThat(matcher.find()).as(plan).isTrue();
    return Double.parseDouble(matcher.group(1));
  }

  @Test
  void aLargeTableIsSampled() {
    assertEstimated(1.15, "SELECT * FROM large WHERE c = 1");
    assertEstimated(1.3, "SELECT * FROM large WHERE c > 2000");
    assertEstimated(1.3, "SELECT * FROM large WHERE c BETWEEN 500 AND 700");
    assertEstimated(1.3, "SELECT DISTINCT a FROM large");
    assertEstimated(1.3, "SELECT DISTINCT d FROM large");
    assertEstimated(2, "SELECT DISTINCT c FROM large");
  }
}
