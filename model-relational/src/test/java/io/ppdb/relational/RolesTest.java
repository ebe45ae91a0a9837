package io.ppdb.relational;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.KeyValueStore;
import io.ppdb.kv.PpdbException;
import io.ppdb.kv.StoreOptions;
import io.ppdb.kv.memory.MemoryEngine;
import java.io.StringReader;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class RolesTest {
  private final KeyValueStore store = new MemoryEngine().open("", StoreOptions.DEFAULT);
  private final RelationalEngine engine = engine();

  private RelationalEngine engine() {
    return new RelationalEngine(store, List.of(), List.of());
  }

  @AfterEach
  void close() {
    store.close();
  }

  private void run(String... statements) {
    try (RelationalSession session = engine.openSession()) {
      List.of(statements).forEach(session::execute);
    }
  }

  private static void assertRefused(Runnable work, ErrorCode code) {
    assertThatThrownBy(work::run)
        .isInstanceOfSatisfying(PpdbException.class, e -> assertThat(e.code()).isEqualTo(code));
  }

  @Test
  void onlyRolesThatMayLogInOpenSessions() {
    run("CREATE ROLE team", "CREATE USER ann");
    assertRefused(() -> engine.openSession("nobody"), ErrorCode.INVALID_AUTHORIZATION);
    assertRefused(() -> engine.openSession("team"), ErrorCode.INVALID_AUTHORIZATION);
    engine.openSession("ann").close();
    run("REVOKE CONNECT ON DATABASE ppdb FROM PUBLIC");
    assertRefused(() -> engine.openSession("ann"), ErrorCode.INSUFFICIENT_PRIVILEGE);
    run("ALTER ROLE ann SUPERUSER");
    engine.openSession("ann").close();
  }

  @Test
  void loginsKnowTheVerifierAndUntilWhenItHolds() {
    run("CREATE USER ann PASSWORD 'secret' VALID UNTIL '2030-01-01 00:00:00+00'");
    Logins.Login login = engine.logins().find("ann").orElseThrow();
    Instant end = Instant.parse("2030-01-01T00:00:00Z");
    assertThat(login.accepts("secret", end.minusSeconds(1))).isTrue();
    assertThat(login.accepts("secret", end)).isFalse();
    assertThat(login.accepts("Secret", end.minusSeconds(1))).isFalse();
    run("ALTER ROLE ann PASSWORD NULL");
    assertThat(engine.logins().find("ann").orElseThrow().accepts("secret", end.minusSeconds(1)))
        .isFalse();
    run("ALTER ROLE ann NOLOGIN");
    assertThat(engine.logins().find("ann")).isEmpty();
    assertThat(engine.logins().find("nobody")).isEmpty();
  }

  @Test
  void aVerifierIsTakenAsItIs() {
    run("CREATE USER ann PASSWORD 'secret'");
    Logins.Login login = engine.logins().find("ann").orElseThrow();
    String text = Objects.requireNonNull(login.verifier()).text();
    run("CREATE USER bob PASSWORD '" + text + "'");
    assertThat(engine.logins().find("bob").orElseThrow().accepts("secret", Instant.EPOCH)).isTrue();
  }

  @Test
  void errorsShowNoPassword() {
    run("CREATE USER ann");
    for (String statement :
        List.of(
            "CREATE USER ann PASSWORD 'hidden'",
            "CREATE USER bob PASSWORD 'hidden' LOGIN LOGIN",
            "CREATE USER bob PASSWORD 'hidden' FLYING",
            "ALTER USER bob PASSWORD 'hidden'",
            "CREATE USER bob PASSWORD 'hidden' VALID UNTIL 'never ever'")) {
      assertThatThrownBy(() -> run(statement))
          .as(statement)
          .isInstanceOf(PpdbException.class)
          .hasMessageNotContaining("hidden");
    }
  }

  @Test
  void anotherEngineFindsWhatWasKept() {
    run(
        "CREATE USER ann PASSWORD 'secret'",
        "CREATE ROLE team",
        "GRANT team TO ann",
        "CREATE TABLE t (id INT PRIMARY KEY, v INT)",
        "GRANT SELECT (id) ON t TO team WITH GRANT OPTION",
        "CREATE SCHEMA room",
        "ALTER SCHEMA room OWNER TO ann");
    RelationalEngine reopened = engine();
    assertThat(reopened.logins().find("ann").orElseThrow().accepts("secret", Instant.EPOCH))
        .isTrue();
    try (RelationalSession ann = reopened.openSession("ann")) {
      ann.execute("SELECT id FROM t").close();
      assertRefused(() -> ann.execute("SELECT v FROM t"), ErrorCode.INSUFFICIENT_PRIVILEGE);
      ann.execute("CREATE TABLE room.x (id INT)");
      ann.execute("GRANT SELECT (id) ON t TO PUBLIC");
    }
  }

  @Test
  void rollbackTakesRolesAndGrantsBack() {
    run("CREATE TABLE t (id INT)");
    try (RelationalSession session = engine.openSession()) {
      session.begin();
      session.execute("CREATE USER ann");
      session.execute("GRANT SELECT ON t TO ann");
      session.execute("SET ROLE ann");
      session.execute("SELECT * FROM t").close();
      session.execute("RESET ROLE");
      session.rollback();
      assertRefused(() -> session.execute("SET ROLE ann"), ErrorCode.INVALID_ARGUMENT);
      session.execute("CREATE USER ann");
      session.execute("SET ROLE ann");
      assertRefused(() -> session.execute("SELECT * FROM t"), ErrorCode.INSUFFICIENT_PRIVILEGE);
    }
  }

  @Test
  void aSessionWhoseRoleIsDroppedMayDoNothing() {
    run("CREATE USER ann", "CREATE TABLE t (id INT)", "GRANT SELECT ON t TO ann");
    try (RelationalSession ann = engine.openSession("ann")) {
      PreparedSql prepared = ann.prepare("SELECT id FROM t");
      prepared.execute().close();
      run("REVOKE ALL ON t FROM ann", "DROP ROLE ann");
      assertRefused(() -> prepared.execute(), ErrorCode.INSUFFICIENT_PRIVILEGE);
    }
  }

  @Test
  void viewsAskWhatTheirOwnerMay() {
    run(
        "CREATE USER ann",
        "CREATE USER bob",
        "GRANT CREATE ON SCHEMA public TO ann",
        "CREATE TABLE t (id INT)",
        "GRANT SELECT ON t TO ann");
    try (RelationalSession ann = engine.openSession("ann");
        RelationalSession bob = engine.openSession("bob");
        RelationalSession first = engine.openSession()) {
      ann.execute("CREATE VIEW v AS SELECT id FROM t");
      ann.execute("CREATE VIEW w AS SELECT id FROM v");
      ann.execute("GRANT SELECT ON w TO bob");
      PreparedSql asBob = bob.prepare("SELECT * FROM w");
      PreparedSql asFirst = first.prepare("SELECT * FROM w");
      asBob.execute().close();
      asFirst.execute().close();
      run("REVOKE SELECT ON t FROM ann");
      assertRefused(() -> asBob.execute(), ErrorCode.INSUFFICIENT_PRIVILEGE);
      assertRefused(() -> asFirst.execute(), ErrorCode.INSUFFICIENT_PRIVILEGE);
      run("ALTER VIEW v OWNER TO ppdb");
      assertRefused(() -> asBob.execute(), ErrorCode.INSUFFICIENT_PRIVILEGE); // w reads v as ann
      run("GRANT SELECT ON v TO ann");
      asBob.execute().close();
      asFirst.execute().close();
    }
  }

  @Test
  void ownerChangesReachPlansOfTheFirstRole() {
    run("CREATE ROLE ann", "CREATE TABLE t (id INT)", "CREATE VIEW v AS SELECT id FROM t");
    try (RelationalSession first = engine.openSession()) {
      PreparedSql prepared = first.prepare("SELECT * FROM v");
      prepared.execute().close();
      run("ALTER VIEW v OWNER TO ann");
      assertRefused(() -> prepared.execute(), ErrorCode.INSUFFICIENT_PRIVILEGE);
    }
  }

  @Test
  void copyIntoATableNeedsInsertAlone() {
    run("CREATE USER ann", "CREATE TABLE t (id INT, v INT)");
    try (RelationalSession ann = engine.openSession("ann")) {
      assertRefused(
          () -> ann.copyIn("COPY t FROM STDIN (FORMAT csv)", new StringReader("1,2\n")),
          ErrorCode.INSUFFICIENT_PRIVILEGE);
      run("GRANT INSERT ON t TO ann");
      assertThat(ann.copyIn("COPY t FROM STDIN (FORMAT csv)", new StringReader("1,2\n")))
          .isEqualTo(1);
    }
  }

  @Test
  void referentialActionsReachTablesThatTheRoleMayNotWrite() {
    run(
        "CREATE USER ann",
        "CREATE TABLE p (id INT PRIMARY KEY)",
        "CREATE TABLE c (id INT PRIMARY KEY, p INT REFERENCES p ON DELETE CASCADE)",
        "INSERT INTO p VALUES (1)",
        "INSERT INTO c VALUES (1, 1)",
        "GRANT DELETE, INSERT ON p TO ann",
        "GRANT INSERT ON c TO ann");
    try (RelationalSession ann = engine.openSession("ann")) {
      ann.execute("INSERT INTO p VALUES (2)");
      ann.execute("INSERT INTO c VALUES (2, 2)"); // looks into p
      ann.execute("DELETE FROM p");
      try (RelationalSession first = engine.openSession();
          StatementResult left = first.execute("SELECT id FROM c")) {
        assertThat(left.rows().next()).isFalse();
      }
    }
  }

  @Test
  void columnsKeepTheirGrantsWhenTheyAreRenamedAndLoseThemWhenTheyGo() {
    run(
        "CREATE USER ann",
        "CREATE TABLE t (id INT, a INT, b INT)",
        "GRANT SELECT (a, b) ON t TO ann",
        "ALTER TABLE t RENAME COLUMN a TO c",
        "ALTER TABLE t DROP COLUMN b",
        "ALTER TABLE t ADD COLUMN b INT");
    try (RelationalSession ann = engine.openSession("ann")) {
      ann.execute("SELECT c FROM t").close();
      assertRefused(() -> ann.execute("SELECT b FROM t"), ErrorCode.INSUFFICIENT_PRIVILEGE);
    }
    run("DROP TABLE t", "DROP ROLE ann");
  }

  @Test
  void aRevokeHoldsForWhateverBeginsAfterIt() throws Exception {
    run("CREATE USER ann", "CREATE TABLE t (id INT)", "GRANT SELECT ON t TO ann");
    int readers = 3;
    CyclicBarrier barrier = new CyclicBarrier(readers + 1);
    ExecutorService threads = Executors.newFixedThreadPool(readers);
    try {
      List<Future<Boolean>> refused = new ArrayList<>();
      for (int i = 0; i < readers; i++) {
        refused.add(
            threads.submit(
                () -> {
                  try (RelationalSession ann = engine.openSession("ann")) {
                    PreparedSql prepared = ann.prepare("SELECT id FROM t");
                    barrier.await();
                    for (int use = 0; use < 200; use++) {
                      prepared.execute().close();
                    }
                    barrier.await(); // the REVOKE has begun
                    barrier.await(); // and has committed
                    try {
                      prepared.execute().close();
                      return false;
                    } catch (PpdbException e) {
                      return e.code() == ErrorCode.INSUFFICIENT_PRIVILEGE;
                    }
                  }
                }));
      }
      barrier.await();
      barrier.await();
      run("REVOKE SELECT ON t FROM ann");
      barrier.await();
      for (Future<Boolean> each : refused) {
        assertThat(each.get()).isTrue();
      }
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void grantsAtTheSameTimeAreAllKept() throws Exception {
    int count = 8;
    run("CREATE TABLE t (id INT)");
    run(IntStream.range(0, count).mapToObj(i -> "CREATE USER u" + i).toArray(String[]::new));
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try {
      List<Future<?>> grants = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        String grant = "GRANT SELECT ON t TO u" + i;
        grants.add(threads.submit(() -> run(grant)));
      }
      for (Future<?> grant : grants) {
        grant.get();
      }
    } finally {
      threads.shutdownNow();
    }
    for (int i = 0; i < count; i++) {
      try (RelationalSession session = engine.openSession("u" + i)) {
        session.execute("SELECT id FROM t").close();
      }
    }
  }
}
