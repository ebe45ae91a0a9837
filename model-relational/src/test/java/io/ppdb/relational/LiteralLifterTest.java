package io.ppdb.relational;

import static org.assertj.core.api.Assertions.assertThat;

import io.ppdb.kv.KeyValueStore;
import io.ppdb.kv.StoreOptions;
import io.ppdb.kv.memory.MemoryEngine;
import io.ppdb.relational.LiteralLifter.Lifted;
import io.ppdb.relational.LiteralLifter.Literal;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LiteralLifterTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "SELECT * FROM t WHERE id = 17 | SELECT * FROM t WHERE id = ? | 17",
        "SELECT 5 FROM t WHERE id=5 ORDER BY 1 LIMIT 5 | SELECT 5 FROM t WHERE id=? ORDER BY 1"
            + " LIMIT 5 | 5",
        "delete from t where a = -3 and b='it''s'; | delete from t where a = ? and b=?; | -3,it's",
        "UPDATE t SET a = 1, b = b + 2 WHERE c = 3000000000 | UPDATE t SET a = ?, b = b + 2 WHERE c"
            + " = ? | 1,3000000000",
        "INSERT INTO t (a, b) VALUES (1, 'x'), (-2.50, f(3)) | INSERT INTO t (a, b) VALUES (?, ?),"
            + " (?, f(3)) | 1,x,-2.50",
        "SELECT (a = 1 AND b = 'y') FROM t -- = 3 | SELECT (a = ? AND b = ?) FROM t -- = 3 | 1,y",
        "WITH q AS (SELECT 1) SELECT /* = 1 */ a FROM q WHERE a = 2.0 OR b > 3 | WITH q AS (SELECT"
            + " 1) SELECT /* = 1 */ a FROM q WHERE a = ? OR b > 3 | 2.0",
      })
  void literalsThatAreAWholeOperandAreLifted(String sql, String shape, String values) {
    Lifted lifted = Objects.requireNonNull(LiteralLifter.lift(sql));
    assertThat(lifted.shape()).isEqualTo(shape);
    assertThat(String.join(",", lifted.literals().stream().map(l -> l.value().toString()).toList()))
        .isEqualTo(values);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT * FROM t WHERE id = ?  AND a = 1",
        "SELECT * FROM t WHERE id = $$x$$ AND a = 1",
        "SELECT * FROM t WHERE a = 1 + 2",
        "SELECT * FROM t WHERE a = 1e3",
        "SELECT * FROM t WHERE a = 1::bigint",
        "SELECT * FROM t WHERE d = DATE '2001-01-01'",
        "SELECT * FROM t WHERE d = E'x'",
        "SELECT * FROM t WHERE a < 3 AND b BETWEEN 1 AND 2",
        "SELECT f(a => 3) FROM t",
        "SELECT a = 'x",
        "SELECT 1; DELETE FROM t WHERE a = 1",
        "SET x = 1",
        "CREATE TABLE t (a INTEGER DEFAULT 1) WITH (kind = 'x')",
        "EXPLAIN SELECT * FROM t WHERE a = 1",
      })
  void othersStay(String sql) {
    assertThat(LiteralLifter.lift(sql)).isNull();
  }

  @Test
  void cellsOfValuesAreAssigned() {
    Lifted lifted =
        Objects.requireNonNull(
            LiteralLifter.lift("INSERT INTO t VALUES (1) ON CONFLICT (a) DO UPDATE SET a = 2"));
    assertThat(lifted.literals()).containsExactly(new Literal(1, true), new Literal(2, false));
  }

  /** Texts of one shape have one plan; a value that the shared plan would round has its own. */
  @Test
  void aLiteralMeansTheSameWhateverThePlanWasMadeFor() {
    try (KeyValueStore store = new MemoryEngine().open("", StoreOptions.DEFAULT)) {
      RelationalEngine engine = new RelationalEngine(store, List.of(), List.of());
      try (RelationalSession session = engine.openSession()) {
        session.execute("CREATE TABLE t (id INTEGER PRIMARY KEY, d DECIMAL(5,2), s TEXT)");
        session.execute("INSERT INTO t VALUES (1, 2.50, 'a'), (2, 2.505, 'b')");
        session.execute("INSERT INTO t VALUES (3, 7, 'c'), (4, -8.004, '2')");
        assertThat(SqlText.rows(session, "SELECT id, d FROM t ORDER BY 1"))
            .containsExactly("1|2.50", "2|2.51", "3|7.00", "4|-8.00");
        PreparedSql first = session.prepare("SELECT id FROM t WHERE d = 2.5");
        PreparedSql second = session.prepare("SELECT id FROM t WHERE d = 7");
        assertThat(second.compiled()).isSameAs(first.compiled());
        assertThat(second.parameterTypes()).isEmpty();
        assertThat(SqlText.rows(session, "SELECT id FROM t WHERE d = 2.5")).containsExactly("1");
        assertThat(SqlText.rows(session, "SELECT id FROM t WHERE d = 7")).containsExactly("3");
        assertThat(SqlText.rows(session, "SELECT id FROM t WHERE d = 2.505")).isEmpty();
        assertThat(SqlText.rows(session, "SELECT id FROM t WHERE id = 3000000000")).isEmpty();
        assertThat(SqlText.rows(session, "SELECT id FROM t WHERE id = 2.5")).isEmpty();
        assertThat(SqlText.rows(session, "SELECT s FROM t WHERE id = 2")).containsExactly("b");
        assertThat(SqlText.rows(session, "SELECT id FROM t WHERE s = '2'")).containsExactly("4");
        session.execute("DROP TABLE t");
        session.execute("CREATE TABLE t (id TEXT PRIMARY KEY)");
        session.execute("INSERT INTO t VALUES ('2')");
        assertThat(SqlText.rows(session, "SELECT id FROM t WHERE id = '2'")).containsExactly("2");
      }
    }
  }
}
