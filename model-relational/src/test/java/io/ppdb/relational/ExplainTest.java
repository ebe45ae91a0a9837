package io.ppdb.relational;

import static org.assertj.core.api.Assertions.assertThat;

import io.ppdb.kv.KeyValueStore;
import io.ppdb.kv.StoreOptions;
import io.ppdb.kv.memory.MemoryEngine;
import io.ppdb.relational.json.JsonReader;
import io.ppdb.relational.json.JsonValue;
import io.ppdb.relational.spill.TemporaryFiles;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What EXPLAIN ANALYZE counts, and the shape of its JSON. */
final class ExplainTest {
  private static final int ROW_COUNT = 1000;

  @TempDir private Path directory;
  private KeyValueStore store;
  private RelationalSession session;

  @BeforeEach
  void open() {
    store = new MemoryEngine().open("", StoreOptions.DEFAULT);
    TemporaryFiles files = TemporaryFiles.in(directory.resolve("temporary"));
    session = new RelationalEngine(store, List.of(), List.of(), files).openSession();
    run("CREATE TABLE t (id INTEGER PRIMARY KEY, a INTEGER, b TEXT)");
    run("CREATE INDEX t_a ON t (a)");
    run(
        "INSERT INTO t SELECT i, i % 100, 'row ' || i FROM generate_series(0, "
            + (ROW_COUNT - 1)
            + ") AS g (i)");
    run("CREATE TABLE few (id INTEGER PRIMARY KEY, t_id INTEGER)");
    run("INSERT INTO few VALUES (1, 10), (2, 20), (3, 5000)");
  }

  @AfterEach
  void close() {
    session.close();
    store.close();
  }

  @Test
  void scanOfTheWholeTableSeeksOnce() {
    assertThat(reads("SELECT b FROM t")).containsExactly("seeks=1 entries=1000");
  }

  @Test
  void getOfAKeyReadsOneEntry() {
    assertThat(reads("SELECT b FROM t WHERE id = 5")).containsExactly("seeks=1 entries=1");
    assertThat(reads("SELECT b FROM t WHERE id = -5")).containsExactly("seeks=1 entries=0");
    assertThat(reads("SELECT b FROM t WHERE id IN (5, 6, -7)"))
        .containsExactly("seeks=3 entries=2");
  }

  @Test
  void rangeOfKeysReadsWhatIsInIt() {
    assertThat(reads("SELECT b FROM t WHERE id >= 10 AND id < 30"))
        .containsExactly("seeks=1 entries=20");
  }

  @Test
  void rangesOfKeysReadWhatIsInThemOnce() {
    assertThat(reads("SELECT b FROM t WHERE id < 10 OR id >= 990"))
        .containsExactly("seeks=2 entries=20");
    assertThat(reads("SELECT b FROM t WHERE id < 10 OR id BETWEEN 5 AND 20 OR id = 21"))
        .containsExactly("seeks=1 entries=22");
    assertThat(reads("SELECT b FROM t WHERE id = ANY ('{5,6,6,-7}')"))
        .containsExactly("seeks=3 entries=2");
    assertThat(reads("SELECT id FROM t WHERE (a, id) IN ((5, 5), (6, 7))"))
        .containsExactly("seeks=2 entries=2");
    assertThat(reads("SELECT a FROM t WHERE a > 98 OR a < 2 ORDER BY a DESC"))
        .containsExactly("seeks=2 entries=30");
  }

  @Test
  void pageBehindARowReadsNoMoreThanThePage() {
    run("CREATE INDEX t_ab ON t (a, id)");
    assertThat(reads("SELECT a, id FROM t WHERE (a, id) > (50, 450) ORDER BY a, id LIMIT 10"))
        .containsExactly("seeks=2 entries=10");
    assertThat(
            reads(
                "SELECT a, id FROM t WHERE (a, id) < (50, 450) ORDER BY a DESC, id DESC LIMIT 10"))
        .containsExactly("seeks=1 entries=10");
  }

  @Test
  void rangeOfAnIndexReadsEntriesAndTheirRows() {
    assertThat(reads("SELECT b FROM t WHERE a = 7")).containsExactly("seeks=11 entries=20");
  }

  @Test
  void bytesAreThoseOfKeysAndValues() {
    String one = analyze("(COSTS OFF, TIMING OFF, ANALYZE)", "SELECT b FROM t WHERE id = 5").get(1);
    String two =
        analyze("(COSTS OFF, TIMING OFF, ANALYZE)", "SELECT b FROM t WHERE id IN (5, 6)").get(1);
    long bytes = bytes(one);
    assertThat(bytes).isGreaterThan("row 5".length());
    assertThat(bytes(two)).isEqualTo(2 * bytes);
  }

  @Test
  void lookupsAreCountedBesideTheirLeftSide() {
    List<String> lines =
        analyze(
            "(ANALYZE, TIMING OFF, SUMMARY OFF)",
            "SELECT t.b FROM few JOIN t ON t.id = few.t_id WHERE few.id < 3");
    assertThat(lines).anyMatch(line -> line.contains("Lookup Join  (rows=2 actual=2)"));
    assertThat(lines).anyMatch(line -> line.endsWith("(rows=1 actual=2 loops=2)"));
    assertThat(counts(lines)).containsExactly("seeks=1 entries=2", "seeks=2 entries=2");
  }

  @Test
  void limitReadsNoMoreThanItGives() {
    assertThat(reads("SELECT b FROM t LIMIT 7")).containsExactly("seeks=1 entries=7");
    assertThat(reads("SELECT b || '!' FROM t LIMIT 7 OFFSET 3"))
        .containsExactly("seeks=1 entries=10");
    assertThat(reads("SELECT b FROM t ORDER BY id DESC LIMIT 300"))
        .containsExactly("seeks=1 entries=300");
    assertThat(reads("SELECT b FROM t ORDER BY a LIMIT 5")).containsExactly("seeks=6 entries=10");
    assertThat(reads("SELECT id FROM t WHERE id >= 500 UNION ALL SELECT id FROM few LIMIT 4"))
        .containsExactly("seeks=1 entries=4");
  }

  @Test
  void limitIsPassedToTheLeftSideOfALeftJoin() {
    assertThat(
            reads(
                "SELECT t.b, few.t_id FROM t LEFT JOIN few ON few.id = t.a ORDER BY t.id LIMIT 5"))
        .containsExactly("seeks=1 entries=5", "seeks=5 entries=3");
  }

  @Test
  void firstRowsOfAUnionAreTheFirstRowsOfItsInputs() {
    String sql = "(SELECT id FROM t UNION ALL SELECT id FROM few) ORDER BY id LIMIT 3 OFFSET 1";
    assertThat(reads(sql)).containsExactly("seeks=1 entries=4", "seeks=1 entries=3");
    assertThat(SqlText.rows(session, sql)).containsExactly("1", "1", "2");
  }

  @Test
  void manyRowsAreLookedUpForFewThatStandBehindThem() {
    assertThat(reads("SELECT t.b, few.id FROM t JOIN few ON t.id = few.t_id"))
        .containsExactly("seeks=1 entries=3", "seeks=3 entries=2");
    assertThat(reads("SELECT t.b, few.id FROM t RIGHT JOIN few ON t.id = few.t_id"))
        .containsExactly("seeks=1 entries=3", "seeks=3 entries=2");
    assertThat(reads("SELECT b FROM t WHERE id IN (SELECT t_id FROM few)"))
        .containsExactly("seeks=1 entries=3", "seeks=3 entries=2");
    assertThat(
            SqlText.rows(
                session, "SELECT t.b, few.id FROM t RIGHT JOIN few ON t.id = few.t_id ORDER BY 2"))
        .containsExactly("row 10|1", "row 20|2", "NULL|3");
  }

  @Test
  void correlatedSideIsCountedForEachRow() {
    List<String> lines =
        analyze(
            "ANALYZE",
            "SELECT f.id, x.b FROM few f, LATERAL (SELECT b FROM t WHERE t.a = f.id ORDER BY t.id"
                + " LIMIT 1) x");
    assertThat(lines).anyMatch(line -> line.contains("loops=3"));
    assertThat(counts(lines)).hasSize(2).first().isEqualTo("seeks=1 entries=3");
  }

  @Test
  void writesAreRunAndTheirSourceIsMeasured() {
    List<String> lines = analyze("ANALYZE", "UPDATE t SET b = 'x' WHERE a = 7");
    assertThat(lines.get(0)).startsWith("Update on t  (actual=10 time=");
    assertThat(counts(lines)).containsExactly("seeks=11 entries=20");
    assertThat(SqlText.rows(session, "SELECT count(*) FROM t WHERE b = 'x'")).containsExactly("10");
    assertThat(analyze("ANALYZE", "INSERT INTO few VALUES (9, 9)").get(0))
        .startsWith("Insert on few  (actual=1 time=");
    assertThat(analyze("ANALYZE", "DELETE FROM few WHERE id = 9").get(0))
        .startsWith("Delete on few  (actual=1 time=");
  }

  @Test
  void whatASortPutsIntoFilesIsCounted() {
    run("SET work_mem = '64kB'");
    List<String> lines = analyze("ANALYZE", "SELECT * FROM t x, few ORDER BY x.b, few.id");
    assertThat(lines).anyMatch(line -> line.matches(" *spilled: files=[1-9]\\d* bytes=\\d{4,}"));
    assertThat(analyze("(ANALYZE, BUFFERS OFF)", "SELECT * FROM t ORDER BY b"))
        .noneMatch(line -> line.contains("spilled") || line.contains("reads"));
  }

  @Test
  void jsonHasTheShapeOfPostgres() {
    String text =
        String.join(
            "\n",
            analyze(
                "(ANALYZE, FORMAT JSON)", "SELECT a, count(*) FROM t WHERE id < 20 GROUP BY a"));
    JsonValue statement = ((JsonValue.Array) JsonReader.read(text)).elements().get(0);
    assertThat(((JsonValue.Document) statement).members().keySet())
        .containsExactlyInAnyOrder("Plan", "Execution Time");
    JsonValue plan = member(statement, "Plan");
    assertThat(member(plan, "Node Type")).isEqualTo(new JsonValue.Text("Aggregate"));
    assertThat(member(plan, "Actual Rows").toString()).contains("20");
    JsonValue scan = plan;
    while (((JsonValue.Document) scan).members().get("Plans") instanceof JsonValue.Array inputs) {
      scan = inputs.elements().get(0);
    }
    assertThat(member(scan, "Relation Name")).isEqualTo(new JsonValue.Text("t"));
    assertThat(member(scan, "Index Cond")).isEqualTo(new JsonValue.Text("(id < 20)"));
    assertThat(member(scan, "Key-Value Entries Read").toString()).contains("20");
  }

  private static JsonValue member(JsonValue object, String name) {
    return Objects.requireNonNull(((JsonValue.Document) object).members().get(name), name);
  }

  private void run(String sql) {
    session.execute(sql).close();
  }

  private List<String> analyze(String options, String sql) {
    return SqlText.rows(session, "EXPLAIN " + options + " " + sql);
  }

  /** Seeks and entries of each node that read something. */
  private List<String> reads(String sql) {
    return counts(analyze("ANALYZE", sql));
  }

  private static List<String> counts(List<String> lines) {
    return lines.stream()
        .filter(line -> line.strip().startsWith("reads: "))
        .map(line -> line.strip().substring("reads: ".length()))
        .map(line -> line.substring(0, line.indexOf(" bytes=")))
        .toList();
  }

  private static long bytes(String line) {
    return Long.parseLong(line.substring(line.indexOf("bytes=") + "bytes=".length()));
  }
}
