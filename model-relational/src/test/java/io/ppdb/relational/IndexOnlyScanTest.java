package io.ppdb.relational;

import static org.assertj.core.api.Assertions.assertThat;

import io.ppdb.kv.KeyValueStore;
import io.ppdb.kv.StoreOptions;
import io.ppdb.kv.memory.MemoryEngine;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Rows out of indexes alone are those that the table has. */
final class IndexOnlyScanTest {
  private static final List<String> CONDITIONS =
      List.of(
          "a = 7",
          "a IN (3, 5, 90)",
          "a > 40 AND a <= 60",
          "a IS NULL",
          "b >= 'k' AND b < 'q'",
          "b = 'm' AND a > 10",
          "u = 17",
          "u IN (4, 8, -1)",
          "u < 12");

  private KeyValueStore store;
  private RelationalSession session;

  @BeforeEach
  void open() {
    store = new MemoryEngine().open("", StoreOptions.DEFAULT);
    session = new RelationalEngine(store, List.of(), List.of()).openSession();
    for (String name : List.of("t", "plain")) {
      run(
          "CREATE TABLE "
              + name
              + " (x TEXT, y INTEGER, a INTEGER, b TEXT, u INTEGER, d DOUBLE, n NUMERIC(12, 3),"
              + " PRIMARY KEY (x, y))");
    }
    run("CREATE INDEX t_a ON t (a DESC) INCLUDE (d, b)");
    run("CREATE INDEX t_ba ON t (b, a)");
    run("CREATE UNIQUE INDEX t_u ON t (u) INCLUDE (n)");
    Random random = new Random(20261123);
    for (int i = 0; i < 300; i++) {
      String a = random.nextInt(10) == 0 ? "NULL" : "" + random.nextInt(100);
      String b = random.nextInt(10) == 0 ? "NULL" : "'" + (char) ('a' + random.nextInt(26)) + "'";
      String u = random.nextInt(4) == 0 ? "NULL" : "" + i;
      String d = random.nextInt(5) == 0 ? "-0.0" : "" + random.nextDouble();
      String values = "('x" + i % 20 + "', " + i + ", " + a + ", " + b + ", " + u + ", " + d;
      values += ", " + i + ".125)";
      run("INSERT INTO t VALUES " + values);
      run("INSERT INTO plain VALUES " + values);
    }
  }

  @AfterEach
  void close() {
    session.close();
    store.close();
  }

  @Test
  void rowsAreThoseOfTheTable() {
    int onlyCount = 0;
    for (String condition : CONDITIONS) {
      for (String columns : List.of("y, a, x", "b, a, d, y", "u, n, x", "a, b", "count(*)")) {
        String order = columns.equals("count(*)") ? "" : " ORDER BY " + columns;
        String query = "SELECT " + columns + " FROM %s WHERE " + condition + order;
        assertThat(SqlText.rows(session, String.format(query, "t")))
            .as(query)
            .isEqualTo(SqlText.rows(session, String.format(query, "plain")));
        onlyCount += plan(String.format(query, "t")).contains("Index Only") ? 1 : 0;
      }
    }
    assertThat(onlyCount).isGreaterThan(10);
  }

  @Test
  void orderComesFromTheIndex() {
    String query = "SELECT a, d FROM %s WHERE a > 50 ORDER BY a DESC, d LIMIT 20";
    assertThat(SqlText.rows(session, String.format(query, "t")))
        .isEqualTo(SqlText.rows(session, String.format(query, "plain")));
    assertThat(plan("SELECT a, b FROM t WHERE a IS NOT NULL ORDER BY a DESC LIMIT 1"))
        .contains("Index Only Scan on t using t_a");
  }

  @Test
  void lookupsReadNoRows() {
    run("CREATE TABLE few (k INTEGER)");
    run("INSERT INTO few VALUES (5), (17), (17), (1000), (NULL)");
    for (String query :
        List.of(
            "SELECT few.k, t.u, t.n FROM few JOIN %s t ON t.u = few.k ORDER BY 1, 2",
            "SELECT few.k, t.y, t.d FROM few LEFT JOIN %s t ON t.a = few.k ORDER BY 1, 2")) {
      assertThat(plan(String.format(query, "t"))).contains("Index Only");
      assertThat(SqlText.rows(session, String.format(query, "t")))
          .as(query)
          .isEqualTo(SqlText.rows(session, String.format(query, "plain")));
    }
  }

  @Test
  void rowsAreNotReadAtAll() {
    String plan = plan("ANALYZE", "SELECT b, d FROM t WHERE a = 7");
    assertThat(plan).contains("Index Only Get").contains("reads: seeks=1 ");
  }

  @Test
  void aChangedIncludedColumnIsSeen() {
    run("UPDATE t SET d = 2.5 WHERE a = 7");
    assertThat(SqlText.rows(session, "SELECT DISTINCT d FROM t WHERE a = 7"))
        .containsExactly("2.5");
  }

  private String plan(String query) {
    return plan("", query);
  }

  private String plan(String options, String query) {
    return String.join("\n", SqlText.rows(session, "EXPLAIN " + options + " " + query));
  }

  private void run(String sql) {
    session.execute(sql).close();
  }
}
