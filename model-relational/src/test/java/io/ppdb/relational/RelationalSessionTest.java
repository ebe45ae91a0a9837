package io.ppdb.relational;

import static org.assertj.core.api.Assertions.assertThat;

import io.ppdb.kv.KeyValueStore;
import io.ppdb.kv.StoreOptions;
import io.ppdb.kv.memory.MemoryEngine;
import java.util.List;
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
}
