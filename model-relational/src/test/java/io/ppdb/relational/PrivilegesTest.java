package io.ppdb.relational;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ppdb.kv.KeyValueStore;
import io.ppdb.kv.PpdbException;
import io.ppdb.kv.StoreOptions;
import io.ppdb.kv.memory.MemoryEngine;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each statement by each role: what it needs, and that nothing less will do. */
final class PrivilegesTest {
  private static final List<String> SCHEMA =
      List.of(
          "CREATE TABLE t (id INT PRIMARY KEY, v INT, w INT)",
          "CREATE TABLE u (id INT PRIMARY KEY, v INT UNIQUE)",
          "INSERT INTO t VALUES (1, 1, 1)",
          "INSERT INTO u VALUES (1, 1)",
          "CREATE VIEW seen AS SELECT id, v FROM t",
          "CREATE MATERIALIZED VIEW kept AS SELECT id, v FROM t",
          "CREATE SEQUENCE s",
          "CREATE INDEX t_v ON t (v)",
          "CREATE SCHEMA room",
          "CREATE TABLE room.x (id INT)",
          "GRANT USAGE ON SCHEMA room TO PUBLIC",
          "CREATE ROLE r",
          "CREATE ROLE g");

  private static final List<String> OWNED =
      List.of(
          "TABLE t",
          "TABLE u",
          "VIEW seen",
          "MATERIALIZED VIEW kept",
          "SEQUENCE s",
          "SCHEMA room",
          "SCHEMA public",
          "TABLE room.x");

  /**
   * A statement.
   *
   * @param grants what it needs, each of them, as GRANT says it; null for what only owners may do
   */
  private record Case(String statement, @Nullable List<String> grants) {
    @Override
    public String toString() {
      return statement;
    }
  }

  private static Case needs(String statement, String... grants) {
    return new Case(statement, List.of(grants));
  }

  private static Case ofOwners(String statement) {
    return new Case(statement, null);
  }

  static Stream<Case> cases() {
    return Stream.of(
        needs("SELECT id FROM t", "SELECT (id) ON t"),
        needs("SELECT * FROM t", "SELECT (id) ON t", "SELECT (v) ON t", "SELECT (w) ON t"),
        needs("SELECT 1 FROM t", "SELECT ON t"),
        needs("SELECT count(*) FROM t", "SELECT (w) ON t"),
        needs("SELECT t.id FROM t, u WHERE t.v = u.v", "SELECT ON t", "SELECT (v) ON u"),
        needs("SELECT t.id FROM t JOIN u USING (v)", "SELECT ON t", "SELECT (v) ON u"),
        needs("SELECT 1 FROM t NATURAL JOIN u", "SELECT ON t", "SELECT ON u"),
        needs("SELECT (SELECT max(v) FROM u) FROM t", "SELECT ON t", "SELECT (v) ON u"),
        needs("SELECT id FROM t WHERE id IN (SELECT v FROM u)", "SELECT ON t", "SELECT ON u"),
        needs(
            "SELECT id FROM t WHERE EXISTS (SELECT 1 FROM u WHERE u.id = t.v)",
            "SELECT (id, v) ON t",
            "SELECT (id) ON u"),
        needs(
            "SELECT v, count(*) FROM t GROUP BY v HAVING max(w) > 0",
            "SELECT (v) ON t",
            "SELECT (w) ON t"),
        needs("SELECT id FROM t ORDER BY v", "SELECT (id) ON t", "SELECT (v) ON t"),
        needs("SELECT sum(v) OVER (PARTITION BY w) FROM t", "SELECT (v) ON t", "SELECT (w) ON t"),
        needs("SELECT id FROM t FOR UPDATE", "SELECT (id) ON t", "UPDATE (w) ON t"),
        needs("SELECT t.id FROM t, u FOR SHARE OF u", "SELECT ON t", "SELECT ON u", "UPDATE ON u"),
        needs("WITH c AS (SELECT v FROM t) SELECT * FROM c", "SELECT (v) ON t"),
        needs("SELECT id FROM t UNION SELECT v FROM u", "SELECT ON t", "SELECT ON u"),
        needs(
            "SELECT x.v FROM t, LATERAL (SELECT u.v FROM u WHERE u.id = t.id) AS x",
            "SELECT (id) ON t",
            "SELECT ON u"),
        needs("EXPLAIN SELECT v FROM t", "SELECT (v) ON t"),
        needs("EXPLAIN ANALYZE SELECT v FROM t", "SELECT (v) ON t"),
        needs("SELECT * FROM seen", "SELECT ON seen"),
        needs("SELECT v FROM kept", "SELECT (v) ON kept"),
        needs("INSERT INTO t VALUES (2, 2, 2)", "INSERT ON t"),
        needs("INSERT INTO t (id, v) VALUES (2, 2)", "INSERT (id) ON t", "INSERT (v) ON t"),
        needs("INSERT INTO t (id) VALUES (2) RETURNING v", "INSERT ON t", "SELECT (v) ON t"),
        needs("INSERT INTO t (id) VALUES (2) RETURNING *", "INSERT ON t", "SELECT ON t"),
        needs("INSERT INTO t SELECT id + 1, v FROM u", "INSERT ON t", "SELECT ON u"),
        needs("INSERT INTO t VALUES (1, 5, 5) ON CONFLICT DO NOTHING", "INSERT ON t"),
        needs(
            "INSERT INTO t VALUES (1, 5, 5) ON CONFLICT (id) DO NOTHING",
            "INSERT ON t",
            "SELECT (id) ON t"),
        needs(
            "INSERT INTO t VALUES (1, 5, 5) ON CONFLICT (id) DO UPDATE SET v = excluded.v",
            "INSERT ON t",
            "SELECT (id) ON t",
            "UPDATE (v) ON t"),
        needs(
            "INSERT INTO t VALUES (1, 5, 5) ON CONFLICT (id) DO UPDATE SET v = t.w",
            "INSERT ON t",
            "SELECT (id) ON t",
            "SELECT (w) ON t",
            "UPDATE (v) ON t"),
        needs("UPDATE t SET v = 2", "UPDATE (v) ON t"),
        needs("UPDATE t SET v = 2 WHERE w = 1", "UPDATE (v) ON t", "SELECT (w) ON t"),
        needs("UPDATE t SET v = v + 1", "UPDATE (v) ON t", "SELECT (v) ON t"),
        needs("UPDATE t SET v = 2 RETURNING id", "UPDATE (v) ON t", "SELECT (id) ON t"),
        needs(
            "UPDATE t SET v = u.v FROM u WHERE u.id = t.id",
            "UPDATE ON t",
            "SELECT (id) ON t",
            "SELECT ON u"),
        needs("DELETE FROM t", "DELETE ON t"),
        needs("DELETE FROM t WHERE v = 1", "DELETE ON t", "SELECT (v) ON t"),
        needs("DELETE FROM t USING u WHERE u.id = 1", "DELETE ON t", "SELECT (id) ON u"),
        needs(
            "MERGE INTO t USING u ON t.id = u.id WHEN MATCHED THEN UPDATE SET v = u.v",
            "UPDATE (v) ON t",
            "SELECT (id) ON t",
            "SELECT ON u"),
        needs(
            "MERGE INTO t USING u ON t.id = u.id WHEN MATCHED THEN DELETE",
            "DELETE ON t",
            "SELECT (id) ON t",
            "SELECT (id) ON u"),
        needs(
            "MERGE INTO t USING u ON t.id = u.id + 1"
                + " WHEN NOT MATCHED THEN INSERT (id) VALUES (u.id + 1)",
            "INSERT (id) ON t",
            "SELECT (id) ON t",
            "SELECT (id) ON u"),
        needs("TRUNCATE t", "TRUNCATE ON t"),
        needs("SELECT nextval('s')", "USAGE ON SEQUENCE s"),
        needs("SELECT nextval('s')", "UPDATE ON SEQUENCE s"),
        needs("SELECT setval('s', 5)", "UPDATE ON SEQUENCE s"),
        needs("CREATE TABLE room.y (id INT)", "CREATE ON SCHEMA room"),
        needs("CREATE VIEW room.y AS SELECT id FROM t", "CREATE ON SCHEMA room"),
        needs("CREATE SEQUENCE room.y", "CREATE ON SCHEMA room"),
        needs("CREATE TABLE room.y AS SELECT v FROM t", "CREATE ON SCHEMA room", "SELECT (v) ON t"),
        needs(
            "CREATE MATERIALIZED VIEW room.y AS SELECT v FROM t",
            "CREATE ON SCHEMA room",
            "SELECT (v) ON t"),
        needs(
            "CREATE TABLE room.y (v INT REFERENCES u (v))",
            "CREATE ON SCHEMA room",
            "REFERENCES (v) ON u"),
        needs("CREATE SCHEMA other", "CREATE ON DATABASE ppdb"),
        ofOwners("ALTER TABLE t ADD COLUMN z INT"),
        ofOwners("ALTER TABLE t DROP COLUMN w"),
        ofOwners("ALTER TABLE u RENAME COLUMN v TO z"),
        ofOwners("ALTER TABLE u RENAME TO y"),
        ofOwners("ALTER TABLE t ADD CHECK (v > 0)"),
        ofOwners("ALTER TABLE t ALTER COLUMN v SET NOT NULL"),
        ofOwners("CREATE INDEX t_w ON t (w)"),
        ofOwners("ALTER INDEX t_v RENAME TO t_y"),
        ofOwners("DROP INDEX t_v"),
        ofOwners("DROP TABLE u"),
        ofOwners("DROP VIEW seen"),
        ofOwners("DROP MATERIALIZED VIEW kept"),
        ofOwners("DROP SEQUENCE s"),
        ofOwners("DROP SCHEMA room CASCADE"),
        ofOwners("CREATE OR REPLACE VIEW seen AS SELECT id, v FROM t WHERE v = 1"),
        ofOwners("ALTER VIEW seen RENAME TO y"),
        ofOwners("ALTER SEQUENCE s INCREMENT BY 2"),
        ofOwners("ALTER SEQUENCE s RENAME TO y"),
        ofOwners("REFRESH MATERIALIZED VIEW kept"),
        ofOwners("COMMENT ON TABLE t IS 'x'"),
        ofOwners("COMMENT ON COLUMN t.v IS 'x'"),
        ofOwners("COMMENT ON INDEX t_v IS 'x'"),
        ofOwners("COMMENT ON SCHEMA room IS 'x'"));
  }

  private static KeyValueStore store() {
    return new MemoryEngine().open("", StoreOptions.DEFAULT);
  }

  private static RelationalSession session(KeyValueStore store) {
    RelationalSession session = new RelationalEngine(store, List.of(), List.of()).openSession();
    SCHEMA.forEach(session::execute);
    return session;
  }

  private static void run(RelationalSession session, String statement) {
    try (StatementResult result = session.execute(statement)) {
      while (result.hasRows() && result.rows().next()) {
        assertThat(result.rows().types()).isNotEmpty();
      }
    }
  }

  private static void grant(RelationalSession session, List<String> grants, String to) {
    grants.forEach(grant -> session.execute("GRANT " + grant + " TO " + to));
  }

  /** Runs {@code statement} as r, in a store of its own; whether that is allowed. */
  private static boolean isAllowed(String statement, List<String> before) {
    try (KeyValueStore store = store();
        RelationalSession session = session(store)) {
      before.forEach(session::execute);
      session.execute("SET ROLE r");
      try {
        run(session, statement);
        return true;
      } catch (PpdbException e) {
        assertThat(e.code().sqlState()).as(statement + ": " + e.getMessage()).isEqualTo("42501");
        return false;
      }
    }
  }

  private static List<String> grants(List<String> grants, String to) {
    return grants.stream().map(grant -> "GRANT " + grant + " TO " + to).toList();
  }

  private static List<String> and(List<String> some, String... more) {
    List<String> all = new ArrayList<>(some);
    all.addAll(List.of(more));
    return all;
  }

  private static List<String> owned(String role) {
    return OWNED.stream().map(object -> "ALTER " + object + " OWNER TO " + role).toList();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void aStatementNeedsWhatItUsesAndNoMore(Case test) {
    String statement = test.statement();
    assertThat(isAllowed(statement, List.of())).as("nothing granted").isFalse();
    assertThat(isAllowed(statement, List.of("ALTER ROLE r SUPERUSER"))).as("superuser").isTrue();
    List<String> grants = test.grants();
    boolean isDatabases = grants != null && grants.toString().contains("DATABASE");
    if (!isDatabases) {
      assertThat(isAllowed(statement, owned("r"))).as("owner").isTrue();
      assertThat(isAllowed(statement, and(owned("g"), "GRANT g TO r"))).as("of owners").isTrue();
    }
    if (grants == null) {
      List<String> everything =
          List.of(
              "GRANT ALL ON t, u, seen, kept, s TO r",
              "GRANT ALL ON SCHEMA public, room TO r",
              "GRANT ALL ON DATABASE ppdb TO r");
      assertThat(isAllowed(statement, everything)).as("all privileges").isFalse();
      return;
    }
    assertThat(isAllowed(statement, grants(grants, "r"))).as("granted").isTrue();
    assertThat(isAllowed(statement, grants(grants, "PUBLIC"))).as("public").isTrue();
    List<String> ofGroup = and(grants(grants, "g"), "GRANT g TO r");
    assertThat(isAllowed(statement, ofGroup)).as("member").isTrue();
    assertThat(isAllowed(statement, and(ofGroup, "ALTER ROLE r NOINHERIT")))
        .as("member that does not inherit")
        .isFalse();
    for (String missing : grants) {
      List<String> others = grants.stream().filter(grant -> !grant.equals(missing)).toList();
      assertThat(isAllowed(statement, grants(others, "r"))).as("without " + missing).isFalse();
    }
    List<String> takenBack = new ArrayList<>(grants(grants, "r"));
    grants.forEach(grant -> takenBack.add("REVOKE " + grant + " FROM r"));
    assertThat(isAllowed(statement, takenBack)).as("revoked").isFalse();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void aPreparedStatementIsJudgedAtEachUse(Case test) {
    List<String> grants = test.grants();
    if (grants == null || !test.statement().startsWith("SELECT")) {
      return;
    }
    try (KeyValueStore store = store()) {
      RelationalEngine engine = new RelationalEngine(store, List.of(), List.of());
      try (RelationalSession owner = engine.openSession()) {
        SCHEMA.forEach(owner::execute);
        owner.execute("ALTER ROLE r LOGIN");
        grant(owner, grants, "r");
        try (RelationalSession session = engine.openSession("r")) {
          PreparedSql prepared = session.prepare(test.statement());
          prepared.execute().close();
          prepared.execute().close();
          owner.execute("REVOKE " + grants.get(0) + " FROM r");
          assertThatThrownBy(
                  () -> {
                    try (StatementResult result = prepared.execute()) {
                      result.rows().next();
                    }
                  })
              .hasMessageContaining("permission denied");
          grant(owner, grants, "r");
          prepared.execute().close();
        }
      }
    }
  }
}
