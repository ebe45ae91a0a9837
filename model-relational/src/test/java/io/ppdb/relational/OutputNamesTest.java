package io.ppdb.relational;

import static org.assertj.core.api.Assertions.assertThat;

import io.ppdb.kv.KeyValueStore;
import io.ppdb.kv.StoreOptions;
import io.ppdb.kv.memory.MemoryEngine;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What columns are called to which the query gives no name. */
final class OutputNamesTest {
  private final KeyValueStore store = new MemoryEngine().open("", StoreOptions.DEFAULT);
  private final RelationalEngine engine = new RelationalEngine(store, List.of(), List.of());
  private final RelationalSession session = engine.openSession();

  @BeforeEach
  void create() {
    session.execute("CREATE TABLE t (id INTEGER PRIMARY KEY, name TEXT, day DATE)").close();
    session.execute("INSERT INTO t VALUES (1, 'b', NULL), (2, 'a', NULL)").close();
  }

  @AfterEach
  void close() {
    session.close();
    store.close();
  }

  private List<String> labels(String sql) {
    try (StatementResult result = session.execute(sql)) {
      return result.columns().stream().map(ResultColumn::name).toList();
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "id + 1; ?column?",
        "-id; ?column?",
        "'a' || name; ?column?",
        "id IS NULL; ?column?",
        "id BETWEEN 1 AND 2; ?column?",
        "1; ?column?",
        "NULL; ?column?",
        "TRUE; bool",
        "DATE '2001-01-01'; date",
        "INTERVAL '1' DAY; interval",
        "t.id; id",
        "upper(name); upper",
        "UPPER(name); upper",
        "now(); now",
        "CURRENT_DATE; current_date",
        "extract(year FROM day); extract",
        "substring(name FROM 1 FOR 1); substring",
        "trim(name); btrim",
        "trim(LEADING 'x' FROM name); ltrim",
        "coalesce(id, 1); coalesce",
        "nullif(id, 1); nullif",
        "CASE WHEN id = 1 THEN 2 END; case",
        "CASE WHEN id = 1 THEN 2 ELSE id END; id",
        "id::BIGINT; id",
        "CAST(upper(name) AS VARCHAR(3)); upper",
        "CAST(1 AS BIGINT); int8",
        "'1'::TEXT; text",
        "(SELECT max(id) FROM t); max",
        "EXISTS (SELECT 1 FROM t); exists",
      })
  void anExpressionIsCalledAsPostgresCallsIt(String expression, String label) {
    assertThat(labels("SELECT " + expression + " FROM t")).containsExactly(label);
  }

  @Test
  void anAggregateIsCalledByItsFunction() {
    assertThat(labels("SELECT count(*), count(id), sum(id) + 1, max(name) FROM t"))
        .containsExactly("count", "count", "?column?", "max");
    assertThat(labels("SELECT string_agg(name, ',') FROM t")).containsExactly("string_agg");
    assertThat(labels("SELECT count(*) FILTER (WHERE id > 1) FROM t")).containsExactly("count");
  }

  @Test
  void aStarKeepsTheNamesOfColumnsBesideOthersOfThatName() {
    assertThat(labels("SELECT id, * FROM t")).containsExactly("id", "id", "name", "day");
    assertThat(labels("SELECT a.id AS id0, a.*, b.id FROM t a JOIN t b USING (id)"))
        .containsExactly("id0", "id", "name", "day", "id");
    assertThat(labels("SELECT * FROM t a JOIN t b ON a.id = b.id"))
        .containsExactly("id", "name", "day", "id", "name", "day");
    assertThat(labels("SELECT * FROM (SELECT id AS id0 FROM t) AS s")).containsExactly("id0");
  }

  @Test
  void theColumnsOfValuesAreNumbered() {
    assertThat(labels("VALUES (1, 'a')")).containsExactly("column1", "column2");
    assertThat(labels("SELECT * FROM (VALUES (1, 'a')) AS v"))
        .containsExactly("column1", "column2");
    assertThat(SqlText.rows(session, "WITH v AS (VALUES (1), (2)) SELECT sum(column1) FROM v"))
        .containsExactly("3");
  }

  @Test
  void aSetOperationHasTheNamesOfItsFirstQuery() {
    assertThat(labels("SELECT count(*) FROM t UNION ALL SELECT id FROM t ORDER BY 1"))
        .containsExactly("count");
  }

  @Test
  void aNameThatWasNotGivenCanBeReferredTo() {
    assertThat(SqlText.rows(session, "SELECT count FROM (SELECT count(*) FROM t) AS s"))
        .containsExactly("2");
    assertThat(SqlText.rows(session, "SELECT upper(name) FROM t ORDER BY upper"))
        .containsExactly("A", "B");
  }

  @Test
  void oneLabelMayOccurTwice() {
    assertThat(labels("SELECT id, id, t.id AS id FROM t")).containsExactly("id", "id", "id");
    assertThat(SqlText.rows(session, "SELECT id, t.id FROM t ORDER BY id DESC"))
        .containsExactly("2|2", "1|1");
  }

  @Test
  void groupByMeansAColumnBeforeAnOutputOfThatName() {
    assertThat(
            SqlText.rows(session, "SELECT id / 2 AS id, count(*) FROM t GROUP BY id ORDER BY id"))
        .containsExactly("0|1", "1|1");
    assertThat(
            SqlText.rows(
                session,
                "SELECT s.c FROM (SELECT id::TEXT, count(*) AS c FROM t GROUP BY id) AS s"))
        .containsExactly("1", "1");
  }
}
