package io.ppdb.relational;

import static org.assertj.core.api.Assertions.assertThat;

import io.ppdb.kv.KeyValueStore;
import io.ppdb.kv.StoreOptions;
import io.ppdb.kv.memory.MemoryEngine;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Joins that look rows up give what joins of the same rows without keys and indexes give. */
class LookupJoinTest {
  private static final int RIGHT_ROWS = 30_000;

  private static KeyValueStore store;
  private static RelationalSession session;

  @BeforeAll
  static void fill() {
    store = new MemoryEngine().open("", StoreOptions.DEFAULT);
    session = new RelationalEngine(store, List.of(), List.of()).openSession();
    session.execute("CREATE TABLE l (id INTEGER PRIMARY KEY, k INTEGER, g INTEGER)");
    session.execute(
        "CREATE TABLE r (id INTEGER PRIMARY KEY, n INTEGER, v DECIMAL(9,2), s VARCHAR(9),"
            + " u INTEGER UNIQUE)");
    session.execute("CREATE INDEX r_n ON r (n)");
    session.execute("CREATE TABLE p (a INTEGER, b INTEGER, v INTEGER, PRIMARY KEY (a, b))");
    PreparedSql left = session.prepare("INSERT INTO l VALUES (?, ?, ?)");
    PreparedSql right = session.prepare("INSERT INTO r VALUES (?, ?, ?, ?, ?)");
    PreparedSql pairs = session.prepare("INSERT INTO p VALUES (?, ?, ?)");
    session.begin();
    for (int i = 0; i < 2_500; i++) {
      Integer key = i % 7 == 0 ? null : i * 37 % RIGHT_ROWS * 2;
      left.execute(i, key, i % 100);
    }
    for (int i = 0; i < RIGHT_ROWS; i++) {
      right.execute(
          i, i % 11 == 0 ? null : i / 4 * 3, i % 500, "s" + i % 90, i % 3 == 0 ? null : i * 2);
      pairs.execute(i / 3, i % 3, i % 17);
    }
    session.commit();
    for (String table : List.of("r", "p")) {
      String columns = table.equals("r") ? "id, n, v, s, u" : "a, b, v";
      String types =
          table.equals("r")
              ? "id INTEGER, n INTEGER, v DECIMAL(9,2), s VARCHAR(9), u INTEGER"
              : "a INTEGER, b INTEGER, v INTEGER";
      session.execute("CREATE TABLE plain_" + table + " (" + types + ")");
      session.execute("INSERT INTO plain_" + table + " SELECT " + columns + " FROM " + table);
    }
  }

  @AfterAll
  static void close() {
    session.close();
    store.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT l.id, r.id, v, s FROM l JOIN r ON r.id = l.k",
        "SELECT l.id, v, s FROM l JOIN r ON r.id = l.k AND r.v > l.g AND r.s <> 's3'",
        "SELECT l.id, r.id, v, s FROM l LEFT JOIN r ON r.id = l.k",
        "SELECT l.id, r.id, v, s FROM l LEFT JOIN r ON r.id = l.k AND r.v > l.g",
        "SELECT l.id, r.id, v, s FROM l LEFT JOIN r ON r.n = l.k WHERE l.id < 30",
        "SELECT l.id, r.id, v, s FROM l LEFT JOIN r ON r.n = l.k AND r.v < l.g + 100 WHERE l.id <"
            + " 30",
        "SELECT l.id, r.id, v, s FROM l JOIN r ON r.u = l.k",
        "SELECT l.id, r.id FROM l LEFT JOIN r ON r.u = l.k AND r.v > l.g",
        "SELECT l.id, b, v FROM l JOIN p ON p.a = l.k WHERE l.id < 30",
        "SELECT l.id, b FROM l LEFT JOIN p ON p.a = l.k AND p.b >= l.g % 3 WHERE l.id < 30",
        "SELECT l.id, b FROM l LEFT JOIN p ON p.a = l.k AND p.v = l.g % 17 WHERE l.id < 30",
        "SELECT id FROM l WHERE EXISTS (SELECT * FROM r WHERE r.id = l.k AND r.v > l.g)",
        "SELECT l.id, r.v, p.v FROM l JOIN r ON r.id = l.k LEFT JOIN p ON p.a = r.n WHERE l.g < 9"
      })
  void lookupsFindWhatAHashJoinFinds(String sql) {
    assertThat(String.join("\n", SqlText.rows(session, "EXPLAIN " + sql))).contains("Lookup");
    String plain = sql.replaceAll("(FROM|JOIN) ([rp]) ", "$1 plain_$2 $2 ");
    assertThat(String.join("\n", SqlText.rows(session, "EXPLAIN " + plain)))
        .doesNotContain("Lookup");
    List<String> found = SqlText.rows(session, sql);
    assertThat(found).isNotEmpty();
    assertThat(found.stream().sorted().toList())
        .isEqualTo(SqlText.rows(session, plain).stream().sorted().toList());
  }

  /** The order of the left side is kept, so nothing is sorted. */
  @ParameterizedTest
  @ValueSource(strings = {"", " AND r.v > l.g"})
  void rowsComeInTheOrderOfTheLeftSide(String condition) {
    String sql =
        "SELECT l.id, r.id FROM l LEFT JOIN r ON r.id = l.k" + condition + " ORDER BY l.id";
    assertThat(String.join("\n", SqlText.rows(session, "EXPLAIN " + sql))).doesNotContain("Sort");
    List<Integer> ids =
        SqlText.rows(session, sql).stream()
            .map(row -> Integer.valueOf(row.substring(0, row.indexOf('|'))))
            .toList();
    assertThat(ids).hasSize(2_500).isSorted();
  }
}
