package io.ppdb.relational;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.KeyValueStore;
import io.ppdb.kv.PpdbException;
import io.ppdb.kv.StoreOptions;
import io.ppdb.kv.memory.MemoryEngine;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What sessions with different search paths see, and what happens to schemas under them. */
final class ViewpointTest {
  private final KeyValueStore store = new MemoryEngine().open("", StoreOptions.DEFAULT);
  private final RelationalEngine engine = new RelationalEngine(store, List.of(), List.of());
  private final RelationalSession one = engine.openSession();
  private final RelationalSession other = engine.openSession();

  @BeforeEach
  void create() {
    run(one, "CREATE SCHEMA a");
    run(one, "CREATE SCHEMA b");
    run(one, "CREATE TABLE a.t (v TEXT)");
    run(one, "INSERT INTO a.t VALUES ('of a')");
    run(one, "CREATE TABLE b.t (v TEXT, w TEXT)");
    run(one, "INSERT INTO b.t VALUES ('of b', 'too')");
  }

  @AfterEach
  void close() {
    one.close();
    other.close();
    store.close();
  }

  private static void run(RelationalSession session, String sql) {
    session.execute(sql).close();
  }

  @Test
  void sessionsShareNoPlansUnlessTheyLookAlike() {
    run(one, "SET search_path TO a");
    run(other, "SET search_path TO b");
    for (int i = 0; i < 3; i++) {
      assertThat(SqlText.rows(one, "SELECT * FROM t")).containsExactly("of a");
      assertThat(SqlText.rows(other, "SELECT * FROM t")).containsExactly("of b|too");
    }
  }

  @Test
  void aPreparedStatementFollowsTheSearchPath() {
    run(one, "SET search_path TO a");
    PreparedSql insert = one.prepare("INSERT INTO t (v) VALUES (?)");
    run(one, "SET search_path TO b");
    insert.execute("more").close();
    assertThat(SqlText.rows(one, "SELECT v FROM a.t")).containsExactly("of a");
    assertThat(SqlText.rows(one, "SELECT v FROM b.t")).containsExactly("of b", "more");
  }

  @Test
  void aPlanEndsWhenAnEarlierSchemaGetsTheName() {
    run(one, "SET search_path TO a, b");
    run(one, "ALTER TABLE a.t RENAME TO hidden");
    PreparedSql query = one.prepare("SELECT v FROM t");
    try (StatementResult result = query.execute()) {
      assertThat(SqlText.rows(result)).containsExactly("of b");
    }
    run(other, "ALTER TABLE a.hidden RENAME TO t");
    try (StatementResult result = query.execute()) {
      assertThat(SqlText.rows(result)).containsExactly("of a");
    }
  }

  @Test
  void anObjectIsNotCreatedInASchemaThatIsDroppedMeanwhile() {
    run(one, "CREATE SCHEMA empty");
    one.begin();
    run(one, "CREATE TABLE empty.t (a INT)");
    run(other, "DROP SCHEMA empty");
    assertThatThrownBy(one::commit)
        .isInstanceOfSatisfying(
            PpdbException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CONFLICT));
    assertThat(
            SqlText.rows(
                one,
                "SELECT count(*) FROM information_schema.tables" + " WHERE table_schema = 'empty'"))
        .containsExactly("0");
  }
}
