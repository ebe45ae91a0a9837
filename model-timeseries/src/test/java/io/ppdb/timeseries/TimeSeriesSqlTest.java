package io.ppdb.timeseries;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.KeyValueStore;
import io.ppdb.kv.PpdbException;
import io.ppdb.kv.StoreOptions;
import io.ppdb.kv.memory.MemoryEngine;
import io.ppdb.relational.RelationalEngine;
import io.ppdb.relational.RelationalSession;
import io.ppdb.relational.StatementResult;
import io.ppdb.relational.exec.RowCursor;
import io.ppdb.relational.expr.TextFormat;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The table kind as SQL shows it. */
class TimeSeriesSqlTest {
  private final KeyValueStore store = new MemoryEngine().open("", StoreOptions.DEFAULT);
  private final RelationalSession session =
      new RelationalEngine(store, List.of(new TimeSeriesKind()), List.of()).openSession();

  @BeforeEach
  void createTable() {
    run(
        "CREATE TABLE flights (departed_at TIMESTAMP NOT NULL, origin VARCHAR, destination VARCHAR,"
            + " delay INTEGER, distance INTEGER) WITH (kind = 'timeseries',"
            + " timestamp = 'departed_at', tags = 'origin,destination', window_size = '1 day')");
    run(
        "INSERT INTO flights VALUES"
            + " (TIMESTAMP '2001-02-03 10:00:00', 'SEA', 'BOS', 12, 2496),"
            + " (TIMESTAMP '2001-02-01 09:30:00', 'SEA', 'DEN', NULL, 1024),"
            + " (TIMESTAMP '2001-02-02 23:59:59', 'BOS', 'SEA', -3, 2496),"
            + " (TIMESTAMP '2001-02-03 10:00:00', 'SEA', 'BOS', 12, 2496)");
  }

  @AfterEach
  void close() {
    session.close();
    store.close();
  }

  @Test
  void rowsAreKeptAsOftenAsTheyWereInserted() {
    assertThat(query("SELECT departed_at, origin, delay FROM flights ORDER BY departed_at"))
        .containsExactly(
            "2001-02-01 09:30:00|SEA|NULL",
            "2001-02-02 23:59:59|BOS|-3",
            "2001-02-03 10:00:00|SEA|12",
            "2001-02-03 10:00:00|SEA|12");
    assertThat(query("SELECT count(*) FROM flights")).containsExactly("4");
  }

  @Test
  void eitherSideOfAnAsofJoinMayBeASeries() {
    run("CREATE TABLE gates (airport TEXT, since TIMESTAMP, gate TEXT)");
    run(
        "INSERT INTO gates VALUES ('SEA', '2001-02-01 00:00:00', 'A'),"
            + " ('SEA', '2001-02-03 00:00:00', 'B'), ('BOS', '2001-02-03 00:00:00', 'C')");
    assertThat(
            query(
                "SELECT origin, destination, gate FROM flights f LEFT ASOF JOIN gates g"
                    + " MATCH_CONDITION (f.departed_at >= g.since) ON g.airport = f.origin"
                    + " ORDER BY departed_at"))
        .containsExactly("SEA|DEN|A", "BOS|SEA|NULL", "SEA|BOS|B", "SEA|BOS|B");
    assertThat(
            query(
                "SELECT gate, destination FROM gates g ASOF JOIN flights f"
                    + " MATCH_CONDITION (g.since <= f.departed_at) ON g.airport = f.origin"
                    + " ORDER BY gate"))
        .containsExactly("A|DEN", "B|BOS");
  }

  @Test
  void timeRangeAndTagsAreCheckedByStorage() {
    String sql =
        "SELECT destination, count(*) FROM flights WHERE origin = 'SEA' AND delay > 0"
            + " AND departed_at >= TIMESTAMP '2001-02-02 00:00:00'"
            + " AND departed_at < TIMESTAMP '2001-02-04 00:00:00' GROUP BY destination";
    assertThat(query(sql)).containsExactly("BOS|2");
    String plan = String.join("\n", query("EXPLAIN " + sql));
    assertThat(plan)
        .contains(
            "Time Series Scan on flights (departed_at >= ", "departed_at < ", "origin = 'SEA')");
  }

  @Test
  void parametersAreCheckedByStorageToo() {
    String sql = "SELECT count(*) FROM flights WHERE origin = ? AND departed_at < ?";
    assertThat(query(sql, "SEA", java.time.LocalDateTime.of(2001, 2, 2, 0, 0)))
        .containsExactly("1");
  }

  @Test
  void lastRowsComeFromABackwardScan() {
    String sql = "SELECT departed_at, origin FROM flights ORDER BY departed_at DESC LIMIT 1";
    assertThat(query(sql)).containsExactly("2001-02-03 10:00:00|SEA");
    assertThat(String.join("\n", query("EXPLAIN " + sql))).contains("Time Series Scan Backward");
  }

  @Test
  void bucketsOfTime() {
    assertThat(
            query(
                "SELECT time_bucket(INTERVAL '1' DAY, departed_at) AS day, count(*), avg(delay)"
                    + " FROM flights GROUP BY 1 ORDER BY 1"))
        .hasSize(3)
        .last()
        .asString()
        .startsWith("2001-02-03 00:00:00|2|12");
    assertThat(
            query(
                "SELECT time_bucket(INTERVAL '1' MONTH, departed_at), count(*) FROM flights"
                    + " GROUP BY time_bucket(INTERVAL '1' MONTH, departed_at)"))
        .containsExactly("2001-02-01 00:00:00|4");
  }

  @Test
  void insertFromSelectDoublesTheRows() {
    run("INSERT INTO flights SELECT * FROM flights");
    assertThat(query("SELECT count(*) FROM flights")).containsExactly("8");
  }

  @Test
  void deleteRemovesRowsByAnyCondition() {
    run("DELETE FROM flights WHERE departed_at < TIMESTAMP '2001-02-02 00:00:00'");
    run("DELETE FROM flights WHERE delay < 0");
    assertThat(query("SELECT DISTINCT origin FROM flights")).containsExactly("SEA");
    assertThat(query("SELECT count(*) FROM flights")).containsExactly("2");
  }

  @Test
  void rollbackTakesAllStatementsBack() {
    run("BEGIN");
    run("INSERT INTO flights (departed_at) VALUES (TIMESTAMP '2001-02-09 00:00:00')");
    run("DELETE FROM flights WHERE origin = 'SEA'");
    assertThat(query("SELECT count(*) FROM flights")).containsExactly("2");
    run("ROLLBACK");
    assertThat(query("SELECT count(*) FROM flights")).containsExactly("4");
  }

  @Test
  void whatTheKindDoesNotDoIsRefused() {
    assertCode("UPDATE flights SET delay = 0", ErrorCode.NOT_SUPPORTED);
    assertCode("CREATE INDEX i ON flights (delay)", ErrorCode.NOT_SUPPORTED);
    assertCode("ALTER TABLE flights DROP COLUMN delay", ErrorCode.NOT_SUPPORTED);
    assertCode("ALTER TABLE flights ALTER COLUMN delay TYPE TEXT", ErrorCode.NOT_SUPPORTED);
    assertCode(
        "ALTER TABLE flights ADD CHECK (delay > -9999), ADD CHECK (delay < 9999)",
        ErrorCode.NOT_SUPPORTED);
    assertCode("INSERT INTO flights (origin) VALUES ('SEA')", ErrorCode.NOT_NULL_VIOLATION);
    assertCode(
        "CREATE TABLE t (a TIMESTAMP PRIMARY KEY) WITH (kind = 'timeseries', timestamp = 'a')",
        ErrorCode.NOT_SUPPORTED);
    assertCode(
        "CREATE TABLE t (a TIMESTAMP) WITH (kind = 'timeseries')", ErrorCode.INVALID_DEFINITION);
    for (String window :
        List.of("2000000000 days", "1 month", "1 millisecond", "-1 day", "soon", "")) {
      assertCode(
          "CREATE TABLE t (a TIMESTAMP) WITH (kind = 'timeseries', timestamp = 'a',"
              + " window_size = '"
              + window
              + "')",
          ErrorCode.INVALID_DEFINITION);
    }
  }

  private void assertCode(String sql, ErrorCode code) {
    assertThatThrownBy(() -> run(sql))
        .as(sql)
        .isInstanceOfSatisfying(
            PpdbException.class, e -> assertThat(e.code()).as(sql).isEqualTo(code));
  }

  private void run(String sql) {
    session.execute(sql).close();
  }

  private List<String> query(String sql, Object... parameters) {
    try (StatementResult result = session.execute(sql, parameters)) {
      List<String> lines = new ArrayList<>();
      RowCursor rows = result.rows();
      while (rows.next()) {
        StringJoiner line = new StringJoiner("|");
        for (int i = 0; i < result.columns().size(); i++) {
          line.add(
              rows.isNull(i)
                  ? "NULL"
                  : TextFormat.format(rows.vector(i), rows.position(), ZoneOffset.UTC));
        }
        lines.add(line.toString());
      }
      return lines;
    }
  }
}
