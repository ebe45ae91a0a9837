package io.ppdb.relational;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import io.ppdb.kv.KeyValueStore;
import io.ppdb.kv.StoreOptions;
import io.ppdb.kv.memory.MemoryEngine;
import io.ppdb.relational.exec.RowCursor;
import io.ppdb.relational.type.ColumnType;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class RelationalSessionTest {
  private final KeyValueStore store = new MemoryEngine().open("", StoreOptions.DEFAULT);
  private final RelationalEngine engine = new RelationalEngine(store, List.of(), List.of());
  private final RelationalSession session = engine.openSession();

  @AfterEach
  void close() {
    session.close();
    store.close();
  }

  private List<String> query(String sql, Object... parameters) {
    return SqlText.rows(session, sql, parameters);
  }

  private void run(String sql, Object... parameters) {
    session.execute(sql, parameters).close();
  }

  @Test
  void rowsThatWereWrittenAreRead() {
    run("CREATE TABLE t (id INTEGER PRIMARY KEY, name TEXT NOT NULL, x DOUBLE PRECISION)");
    run("INSERT INTO t VALUES (1, 'one', 1.5), (2, 'two', NULL)");
    run("INSERT INTO t (name, id) VALUES (?, ?)", "three", 3);
    assertThat(query("SELECT * FROM t")).containsExactly("1|one|1.5", "2|two|NULL", "3|three|NULL");
    assertThat(query("SELECT name FROM t WHERE id = ?", 2)).containsExactly("two");
    run("UPDATE t SET x = id * 2, name = name || '!' WHERE id >= 2");
    run("DELETE FROM t WHERE id = 1");
    assertThat(query("SELECT * FROM t")).containsExactly("2|two!|4", "3|three!|6");
  }

  @Test
  void aPlanIsMadeAnewWhenItsTableHasGrown() {
    run("CREATE TABLE t (id INTEGER PRIMARY KEY, k INTEGER)");
    run("CREATE INDEX t_k ON t (k)");
    String explain = "EXPLAIN SELECT * FROM t WHERE k = 7";
    assertThat(String.join("\n", query(explain))).contains("Seq Scan on t");
    PreparedSql insert = session.prepare("INSERT INTO t VALUES (?, ?)");
    session.begin();
    for (int i = 0; i < 5_000; i++) {
      insert.execute(i, i);
    }
    session.commit();
    String latest = "";
    for (int use = 0; use < 64; use++) {
      latest = String.join("\n", query(explain));
    }
    assertThat(latest).contains("using t_k");
  }

  @Test
  void parametersOfAllClausesAreTypedWhereTheyStand() {
    run("CREATE TABLE t (id INTEGER PRIMARY KEY, n BIGINT, label TEXT)");
    run("INSERT INTO t VALUES (1, 10, 'a')");
    String upsert =
        "INSERT INTO t VALUES (?, ?, ?) ON CONFLICT (id) DO UPDATE SET n = t.n + ?, label = ?"
            + " WHERE t.n < ? RETURNING n, label, n > ?";
    assertThat(session.prepare(upsert).parameterTypes())
        .containsExactly(
            ColumnType.INTEGER,
            ColumnType.BIGINT,
            ColumnType.TEXT,
            ColumnType.BIGINT,
            ColumnType.TEXT,
            ColumnType.BIGINT,
            ColumnType.BIGINT);
    assertThat(query(upsert, 1, 0, "x", 5, "b", 100, 14)).containsExactly("15|b|true");
    assertThat(query(upsert, 2, 7, "x", 5, "b", 100, 14)).containsExactly("7|x|false");
    assertThat(query(upsert, 1, 0, "x", 5, "b", 0, 14)).isEmpty();
    assertThat(
            query(
                "UPDATE t SET n = n * ? FROM (VALUES (1, 4), (2, 3)) AS v (id, f)"
                    + " WHERE v.id = t.id AND f > ? RETURNING t.id, n, f + ?",
                2,
                3,
                100))
        .containsExactly("1|30|104");
  }

  @Test
  void parametersWithinExpressionsHaveTheTypeOfWhatIsBesideThem() {
    run("CREATE TABLE t (id INTEGER PRIMARY KEY, n BIGINT, d DATE)");
    run("INSERT INTO t VALUES (1, 10, DATE '2020-01-01')");
    run("UPDATE t SET n = n + ?", 5);
    run("UPDATE t SET n = (n - ?) * 2 WHERE n - ? > ?", 5, 1, 2);
    assertThat(query("SELECT (n + ?) * 2, CAST(n / ? AS TEXT) FROM t WHERE n * ? > 3", 1, 2, 3))
        .containsExactly("42|10");
    assertThat(
            session.prepare("SELECT CASE WHEN (n + ?) > 3 THEN n - ? END FROM t").parameterTypes())
        .containsExactly(ColumnType.BIGINT, ColumnType.BIGINT);
  }

  @Test
  void aLongConditionWithParametersIsPreparedInTime() {
    run("CREATE TABLE t (id INTEGER PRIMARY KEY, n BIGINT)");
    String term = "(n + ?) * 2 > ?";
    String condition = String.join(" AND ", Collections.nCopies(100, term));
    assertTimeout(
        Duration.ofSeconds(20), () -> session.prepare("SELECT * FROM t WHERE " + condition));
    String nested = "(".repeat(100) + "n" + " + ?)".repeat(100);
    assertTimeout(Duration.ofSeconds(20), () -> session.prepare("UPDATE t SET n = " + nested));
  }

  @Test
  void concurrentUpsertsOfOneRowAreAllThere() throws Exception {
    run("CREATE TABLE counters (name TEXT PRIMARY KEY, n INTEGER)");
    int threadCount = 4;
    int perThread = 100;
    ExecutorService threads = Executors.newFixedThreadPool(threadCount);
    try {
      List<Future<?>> running = new ArrayList<>();
      for (int i = 0; i < threadCount; i++) {
        running.add(
            threads.submit(
                () -> {
                  try (RelationalSession own = engine.openSession()) {
                    PreparedSql upsert =
                        own.prepare(
                            "INSERT INTO counters VALUES (?, 1) ON CONFLICT (name)"
                                + " DO UPDATE SET n = counters.n + 1");
                    for (int j = 0; j < perThread; j++) {
                      upsert.execute("clicks").close();
                    }
                  }
                }));
      }
      for (Future<?> thread : running) {
        thread.get();
      }
    } finally {
      threads.shutdownNow();
    }
    assertThat(query("SELECT n FROM counters")).containsExactly("400");
  }

  @Test
  void whatAnUpdateReturnsIsReadBeforeTheNextStatement() {
    run("CREATE TABLE t (id INTEGER PRIMARY KEY, n INTEGER)");
    run("INSERT INTO t VALUES (1, 1), (2, 2)");
    session.begin();
    try (StatementResult returned = session.execute("UPDATE t SET n = n + 1 RETURNING n")) {
      run("UPDATE t SET n = 0");
      RowCursor rows = returned.rows();
      assertThat(rows.next()).isTrue();
      assertThat(rows.next()).isTrue();
      assertThat(rows.next()).isFalse();
    }
    session.rollback();
    assertThat(query("SELECT n FROM t")).containsExactly("1", "2");
    assertThat(query("DELETE FROM t RETURNING n + 0"))
        .as("outside of a transaction it is committed when the rows are read")
        .hasSize(2);
    assertThat(query("SELECT n FROM t")).isEmpty();
  }
}
