package io.ppdb.relational;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.google.common.base.Splitter;
import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.KeyValueStore;
import io.ppdb.kv.PpdbException;
import io.ppdb.kv.StoreOptions;
import io.ppdb.kv.memory.MemoryEngine;
import io.ppdb.relational.parser.StatementParser;
import io.ppdb.relational.planner.QueryPlanner;
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
  private static final StatementParser PARSER = QueryPlanner.parser();

  private final KeyValueStore store = new MemoryEngine().open("", StoreOptions.DEFAULT);
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

  private List<String> labels(String sql) {
    try (StatementResult result = session.execute(sql)) {
      return result.columns().stream().map(ResultColumn::name).toList();
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

  /** A word means the same as the quoted word, which can be nothing but a name. */
  @Test
  void aWordThatIsNotReservedNamesATableAColumnAndALabel() throws IOException {
    forEach(
        words("names"),
        w -> {
          for (String template :
              List.of(
                  "CREATE TABLE @ (@ INTEGER NOT NULL, other INTEGER, PRIMARY KEY (@))",
                  "CREATE INDEX ON @ (other, @ DESC)",
                  "INSERT INTO @ (@, other) VALUES (1, 10), (2, 20)",
                  "UPDATE @ SET @ = @ + 1 WHERE @ = 2",
                  "SELECT @, @.@ FROM @ ORDER BY @.@",
                  "SELECT sum(@) FROM @ WHERE (@) > 1 AND other < 30 GROUP BY @ HAVING @ <> 0",
                  "SELECT CASE WHEN @ = 1 THEN @ ELSE -@ END FROM @"
                      + " JOIN (VALUES (1)) AS v(x) ON @ = v.x",
                  "WITH @ AS (SELECT 7 AS x) SELECT @.x FROM @",
                  "DELETE FROM @ WHERE @ BETWEEN 3 AND 3",
                  "DROP TABLE @")) {
            assertThat(PARSER.parse(template.replace("@", w)).toString())
                .as(template)
                .isEqualTo(PARSER.parse(template.replace("@", '"' + w + '"')).toString());
          }
        });
  }

  @Test
  void everyWordIsALabelAfterAs() throws IOException {
    List<String> all = new ArrayList<>(words("names"));
    all.addAll(words("reserved"));
    assertThat(labels("SELECT 1 AS " + String.join(", 1 AS ", all))).isEqualTo(all);
  }

  @Test
  void everyWordIsAColumnAfterADot() throws IOException {
    List<String> all = words("reserved");
    assertThat(
            labels(
                "SELECT t."
                    + String.join(", t.", all)
                    + " FROM (SELECT 5 AS \""
                    + String.join("\", 5 AS \"", all)
                    + "\") AS t"))
        .isEqualTo(all);
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
            Throwable failure = catchThrowable(() -> PARSER.parse(sql));
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
        .containsExactly("3|1|2001-02-04 00:00:00");
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
