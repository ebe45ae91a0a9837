package io.ppdb.relational;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.KeyValueStore;
import io.ppdb.kv.PpdbException;
import io.ppdb.kv.StoreOptions;
import io.ppdb.kv.memory.MemoryEngine;
import io.ppdb.relational.spill.TemporaryFiles;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Statements that may hold little in memory give what they give when they may hold all. */
class SpillTest {
  private static final int ROWS = 20_000;

  @TempDir private static Path directory;

  private static KeyValueStore store;
  private static TemporaryFiles files;
  private static RelationalEngine engine;
  private static RelationalSession session;

  @BeforeAll
  static void fill() {
    store = new MemoryEngine().open("", StoreOptions.DEFAULT);
    files = TemporaryFiles.in(directory.resolve("temporary"));
    engine = new RelationalEngine(store, List.of(), List.of(), files);
    session = engine.openSession();
    session.execute(
        "CREATE TABLE a (k INTEGER, n INTEGER, t VARCHAR, d DECIMAL(30,4), f DOUBLE PRECISION,"
            + " b BOOLEAN, i INTERVAL DAY TO SECOND, z DATE)");
    session.execute("CREATE TABLE b (k BIGINT, t VARCHAR, v INTEGER)");
    PreparedSql a = session.prepare("INSERT INTO a VALUES (?, ?, ?, ?, ?, ?, NULL, NULL)");
    PreparedSql b = session.prepare("INSERT INTO b VALUES (?, ?, ?)");
    session.begin();
    for (int i = 0; i < ROWS; i++) {
      int mixed = i * 7919 % ROWS;
      a.execute(
          i % 13 == 0 ? null : mixed,
          mixed % 50,
          i % 17 == 0 ? null : "text " + mixed % 9_000,
          new BigDecimal(mixed).multiply(BigDecimal.TEN.pow(i % 20)),
          mixed / 7.0,
          i % 3 == 0 ? null : i % 2 == 0);
      b.execute(i % 11 == 0 ? null : (long) (mixed * 3 / 2), "text " + mixed % 7_000, i);
    }
    session.commit();
    session.execute(
        "UPDATE a SET i = n * INTERVAL '1' HOUR, z = DATE '2020-01-01' + n WHERE n % 7 <> 0");
  }

  @AfterAll
  static void close() {
    session.close();
    store.close();
    files.close();
    assertThat(directory.resolve("temporary")).doesNotExist();
  }

  @AfterEach
  void nothingIsLeft() {
    session.execute("RESET work_mem");
    assertThat(files.openCount()).isZero();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT * FROM a ORDER BY k, n, t",
        "SELECT * FROM a ORDER BY t DESC NULLS LAST, d, f, k NULLS FIRST",
        "SELECT k, d FROM a ORDER BY d DESC, k LIMIT 7000 OFFSET 9000",
        "SELECT k, i, z, b FROM a ORDER BY i, z DESC, b, k OFFSET 19990",
        "SELECT k FROM a ORDER BY k OFFSET 30000",
      })
  void sortsInFiles(String sql) {
    long before = files.fileCount();
    List<String> inMemory = SqlText.rows(session, sql);
    assertThat(files.fileCount()).isEqualTo(before);
    session.execute("SET work_mem = '64kB'");
    assertThat(SqlText.rows(session, sql)).isEqualTo(inMemory);
    assertThat(files.fileCount()).isGreaterThan(before + 1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT t, count(*), sum(d), min(f), max(k), avg(n) FROM a GROUP BY t",
        "SELECT k, t, d, count(i), bool_or(b) FROM a GROUP BY k, t, d",
        "SELECT DISTINCT d, z, i FROM a",
        "SELECT t, count(DISTINCT n), sum(k) FILTER (WHERE b) FROM a GROUP BY t",
        "SELECT t, n, count(*), grouping(t, n) FROM a GROUP BY GROUPING SETS ((t), (n), (t, n),"
            + " ())",
        "SELECT a.k, b.v FROM a JOIN b ON a.k = b.k",
        "SELECT a.k, b.v FROM a JOIN b ON a.k = b.k AND a.n > b.v % 50",
        "SELECT a.k, a.t, b.v FROM a LEFT JOIN b ON a.k = b.k AND b.v % 3 = 0",
        "SELECT a.k, a.t, b.v FROM a RIGHT JOIN b ON a.k = b.k",
        "SELECT a.k, a.d, b.v, b.t FROM a FULL JOIN b ON a.k = b.k AND a.t = b.t",
        "SELECT a.k, b.k FROM a JOIN b ON a.k IS NOT DISTINCT FROM b.k"
            + " AND (a.k IS NOT NULL OR a.n = b.v % 50)",
        "SELECT k, t FROM a WHERE EXISTS (SELECT * FROM b WHERE b.k = a.k AND b.t <> a.t)",
        "SELECT k, t FROM a WHERE NOT EXISTS (SELECT * FROM b WHERE b.k = a.k AND b.v > a.n)",
        "SELECT a.t, count(*) FROM a JOIN b ON a.t = b.t GROUP BY a.t",
      })
  void joinsAndAggregatesInFiles(String sql) {
    long before = files.fileCount();
    List<String> inMemory = sorted(sql);
    assertThat(files.fileCount()).isEqualTo(before);
    session.execute("SET work_mem = '64kB'");
    assertThat(sorted(sql)).isNotEmpty().isEqualTo(inMemory);
    assertThat(files.fileCount()).isGreaterThan(before + 1);
  }

  private static List<String> sorted(String sql) {
    return SqlText.rows(session, sql).stream().sorted().toList();
  }

  /** All rows have one key: dividing them is no use, and comes to an end. */
  @Test
  void oneKeyForAllRows() {
    String sql =
        "SELECT count(*) FROM (SELECT 1 AS x FROM a) p JOIN (SELECT 1 AS x, k FROM a) q"
            + " ON p.x = q.x AND q.k < 3";
    List<String> inMemory = SqlText.rows(session, sql);
    session.execute("SET work_mem = '64kB'");
    assertThat(SqlText.rows(session, sql)).isEqualTo(inMemory);
  }

  /** The result is left before its end. */
  @Test
  void filesGoWithTheResult() {
    session.execute("SET work_mem = '64kB'");
    for (String sql :
        List.of(
            "SELECT * FROM a ORDER BY d",
            "SELECT d, t, count(*) FROM a GROUP BY d, t",
            "SELECT * FROM a JOIN b ON a.k = b.k")) {
      try (StatementResult result = session.execute(sql)) {
        assertThat(result.nextBatch()).isNotNull();
        assertThat(files.openCount()).isPositive();
      }
      assertThat(files.openCount()).isZero();
    }
  }

  @Test
  void settingIsReadAndShownWithItsUnit() {
    session.execute("SET work_mem = 4096");
    assertThat(SqlText.rows(session, "SHOW work_mem")).containsExactly("4MB");
    session.execute("SET work_mem = '1.5 MB'");
    assertThat(SqlText.rows(session, "SHOW work_mem")).containsExactly("1536kB");
    for (String wrong : List.of("'63kB'", "'much'", "'1 XB'", "'-1'")) {
      assertThatThrownBy(() -> session.execute("SET work_mem = " + wrong))
          .isInstanceOfSatisfying(
              PpdbException.class,
              e -> {
                assertThat(e.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT);
                assertThat(e).hasMessageContaining("work_mem").hasMessageContaining("64kB");
              });
    }
    assertThat(SqlText.rows(session, "SHOW work_mem")).containsExactly("1536kB");
  }
}
