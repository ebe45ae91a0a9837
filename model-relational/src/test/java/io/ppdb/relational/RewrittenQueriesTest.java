package io.ppdb.relational;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ppdb.kv.KeyValueStore;
import io.ppdb.kv.StoreOptions;
import io.ppdb.kv.memory.MemoryEngine;
import io.ppdb.relational.type.ColumnType;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Rewriting moves parts of a query, and shows some twice: parameters must keep their numbers. */
final class RewrittenQueriesTest {
  private final KeyValueStore store = new MemoryEngine().open("", StoreOptions.DEFAULT);
  private final RelationalEngine engine = new RelationalEngine(store, List.of(), List.of());
  private final RelationalSession session = engine.openSession();

  @BeforeEach
  void create() {
    run("CREATE TABLE t (a INTEGER PRIMARY KEY, b TEXT, c INTEGER)");
    run("INSERT INTO t VALUES (1, 'x', 5), (2, 'y', 6), (3, 'y', 7)");
  }

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
  void parametersInRowsThatAreCompared() {
    String sql = "SELECT a FROM t WHERE (a, b) > (?, ?) AND c < ? ORDER BY a";
    assertThat(session.prepare(sql).parameterTypes())
        .containsExactly(ColumnType.INTEGER, ColumnType.TEXT, ColumnType.INTEGER);
    assertThat(query(sql, 2, "x", 9)).containsExactly("2", "3");
    assertThat(query(sql, 2, "y", 9)).containsExactly("3");
  }

  @Test
  void parametersOfClausesThatBecomeWindows() {
    assertThat(
            query("SELECT a FROM t WHERE b <> ? ORDER BY c FETCH FIRST ? ROWS WITH TIES", "z", 2))
        .containsExactly("1", "2");
    assertThat(query("SELECT a FROM t WHERE b <> ? ORDER BY c FETCH NEXT ? ROWS ONLY", "z", 2))
        .containsExactly("1", "2");
    assertThat(query("SELECT sum(c) FILTER (WHERE a > ?) OVER () FROM t WHERE b = ?", 2, "y"))
        .containsExactly("7", "7");
    assertThat(query("SELECT DISTINCT ON (b) b, a FROM t WHERE a > ? ORDER BY b, a DESC", 0))
        .containsExactly("x|1", "y|3");
  }

  @Test
  void parametersOfMerge() {
    String sql =
        "MERGE INTO t USING (VALUES (CAST(? AS INTEGER), CAST(? AS TEXT))) AS x (k, w)"
            + " ON t.a = x.k WHEN MATCHED AND c > ? THEN UPDATE SET b = ?, c = ?"
            + " WHEN NOT MATCHED THEN INSERT VALUES (x.k, x.w, ?)";
    run(sql, 1, "q", 3, "updated", 50, 9);
    run(sql, 4, "inserted", 3, "-", 50, 9);
    run(sql, 2, "q", 30, "not taken", 50, 9);
    assertThat(query("SELECT * FROM t ORDER BY a"))
        .containsExactly("1|updated|50", "2|y|6", "3|y|7", "4|inserted|9");
  }

  @Test
  void isolationIsSetBeforeTheFirstStatement() {
    run("BEGIN");
    run("SET TRANSACTION ISOLATION LEVEL SERIALIZABLE, READ ONLY");
    assertThat(query("SELECT count(*) FROM t")).containsExactly("3");
    assertThatThrownBy(() -> run("DELETE FROM t")).hasMessageContaining("read-only");
    assertThatThrownBy(() -> run("SET TRANSACTION ISOLATION LEVEL SERIALIZABLE"))
        .hasMessageContaining("before any query");
    run("ROLLBACK");
    assertThatThrownBy(() -> run("SET TRANSACTION READ WRITE"))
        .hasMessageContaining("transaction blocks");
  }
}
