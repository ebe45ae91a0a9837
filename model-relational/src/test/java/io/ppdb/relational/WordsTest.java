package io.ppdb.relational;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.google.common.base.Splitter;
import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.KeyValueStore;
import io.ppdb.kv.PpdbException;
import io.ppdb.kv.StoreOptions;
import io.ppdb.kv.memory.MemoryEngine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Which words may name something: the table of PostgreSQL's key words in {@code words.txt}. */
final class WordsTest {
  private final KeyValueStore store = new MemoryEngine().open(Path.of(""), StoreOptions.DEFAULT);
  private final RelationalEngine engine = new RelationalEngine(store, List.of(), List.of());
  private final RelationalSession session = engine.openSession();

  @AfterEach
  void close() {
    session.close();
    store.close();
  }

  private static List<String> words(String section) throws IOException {
    List<String> words = new ArrayList<>();
    boolean here = false;
    for (String line : Files.readAllLines(Path.of("src/test/resources/sql/words.txt"))) {
      if (line.startsWith("[")) {
        here = line.equals("[" + section + "]");
      } else if (here && !line.startsWith("#") && !line.isBlank()) {
        words.addAll(Splitter.on(' ').splitToList(line));
      }
    }
    return words;
  }

  private List<String> query(String sql) {
    return SqlText.rows(session, sql);
  }

  private void run(String sql) {
    session.execute(sql).close();
  }

  private String label(String sql) {
    try (StatementResult result = session.execute(sql)) {
      return result.columns().get(0).name();
    }
  }

  /** Runs {@code check} on each word and reports all that failed together. */
  private static void forEach(List<String> words, Consumer<String> check) {
    assertThat(words).hasSizeGreaterThan(50);
    List<String> failures = new ArrayList<>();
    for (String word : words) {
      try {
        check.accept(word);
      } catch (PpdbException | AssertionError e) {
        failures.add(word + ": " + e.getMessage());
      }
    }
    assertThat(failures).isEmpty();
  }

  @Test
  void aWordThatIsNotReservedNamesATableAColumnAndALabel() throws IOException {
    forEach(
        words("names"),
        w -> {
          run(
              "CREATE TABLE "
                  + w
                  + " ("
                  + w
                  + " INTEGER NOT NULL, other INTEGER, PRIMARY KEY ("
                  + w
                  + "))");
          run("CREATE INDEX ON " + w + " (other, " + w + " DESC)");
          run("INSERT INTO " + w + " (" + w + ", other) VALUES (1, 10), (2, 20)");
          run("UPDATE " + w + " SET " + w + " = " + w + " + 1 WHERE " + w + " = 2");
          assertThat(
                  query(
                      "SELECT "
                          + w
                          + ", "
                          + w
                          + "."
                          + w
                          + " FROM "
                          + w
                          + " ORDER BY "
                          + w
                          + "."
                          + w))
              .containsExactly("1|1", "3|3");
          assertThat(
                  query(
                      "SELECT sum("
                          + w
                          + ") FROM "
                          + w
                          + " WHERE ("
                          + w
                          + ") > 1 AND other < 30"
                          + " GROUP BY "
                          + w
                          + " HAVING "
                          + w
                          + " <> 0"))
              .containsExactly("3");
          assertThat(
                  query(
                      "SELECT CASE WHEN "
                          + w
                          + " = 1 THEN "
                          + w
                          + " ELSE -"
                          + w
                          + " END FROM "
                          + w
                          + " JOIN (VALUES (1)) AS v(x) ON "
                          + w
                          + " = v.x"))
              .containsExactly("1");
          assertThat(query("WITH " + w + " AS (SELECT 7 AS x) SELECT " + w + ".x FROM " + w))
              .containsExactly("7");
          run("DELETE FROM " + w + " WHERE " + w + " BETWEEN 3 AND 3");
          run("DROP TABLE " + w);
        });
  }

  @Test
  void everyWordIsALabelAfterAs() throws IOException {
    List<String> all = new ArrayList<>(words("names"));
    all.addAll(words("reserved"));
    forEach(all, w -> assertThat(label("SELECT 1 AS " + w)).isEqualTo(w));
  }

  @Test
  void everyWordIsAColumnAfterADot() throws IOException {
    forEach(
        words("reserved"),
        w ->
            assertThat(query("SELECT t." + w + " FROM (SELECT 5 AS \"" + w + "\") AS t"))
                .containsExactly("5"));
  }

  @Test
  void aReservedWordIsRefusedAsANameWithItsPlace() throws IOException {
    forEach(
        words("reserved"),
        w -> {
          for (String sql :
              List.of(
                  "CREATE TABLE " + w + " (x INTEGER)",
                  "CREATE TABLE t (" + w + " INTEGER)",
                  "INSERT INTO " + w + " VALUES (1)")) {
            Throwable failure = catchThrowable(() -> run(sql));
            assertThat(failure).as(sql).isInstanceOf(PpdbException.class);
            assertThat(((PpdbException) failure).code()).isEqualTo(ErrorCode.SYNTAX_ERROR);
            assertThat(failure)
                .hasMessageStartingWith("syntax error at or near \"")
                .hasMessageMatching(".*\\(line 1, column \\d+\\)");
          }
        });
  }

  @Test
  void keywordsKeepTheirMeaning() {
    run("CREATE TABLE t (day DATE, date DATE, timestamp TIMESTAMP, sum INTEGER, value INTEGER)");
    run(
        "INSERT INTO t VALUES (DATE '2001-02-03', DATE '2001-02-04',"
            + " TIMESTAMP '2001-02-03 04:05:06', 1, 2)");
    assertThat(query("SELECT date_trunc('month', day), date_trunc('hour', timestamp) FROM t"))
        .containsExactly("2001-02-01 00:00:00|2001-02-03 04:00:00");
    assertThat(query("SELECT extract(day FROM day), date - day, day + INTERVAL '1' DAY FROM t"))
        .containsExactly("3|1|2001-02-04");
    assertThat(query("SELECT count(*) count, max(sum) max FROM t WHERE sum BETWEEN 1 AND value"))
        .containsExactly("1|1");
    assertThat(query("SELECT count(*) FILTER (WHERE sum NOT BETWEEN 5 AND 6) FROM t"))
        .containsExactly("1");
    assertThat(query("SELECT 1 FROM t WHERE NOT EXISTS (SELECT 1 FROM t u WHERE u.sum = 9)"))
        .containsExactly("1");
    assertThat(query("SELECT value FROM t FETCH FIRST 1 ROW ONLY")).containsExactly("2");
    assertThat(query("VALUES (CAST(1 AS DOUBLE PRECISION), 2::BIGINT)")).containsExactly("1|2");
  }
}
