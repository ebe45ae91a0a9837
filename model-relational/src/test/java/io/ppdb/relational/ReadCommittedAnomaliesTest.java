package io.ppdb.relational;

import static org.assertj.core.api.Assertions.assertThat;

import io.ppdb.kv.KeyValueStore;
import io.ppdb.kv.StoreOptions;
import io.ppdb.kv.memory.MemoryEngine;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * The interleavings of M. Kleppmann's Hermitage among READ COMMITTED transactions: what the level
 * prevents, and that it lets pass what it may. Names are Adya's and Bailis's, as in
 * docs/testing.md.
 */
class ReadCommittedAnomaliesTest {
  private static final int PATIENCE_SECONDS = 60;
  private static final int WAITING_MILLIS = 50;

  private final KeyValueStore store = new MemoryEngine().open("", StoreOptions.DEFAULT);
  private final RelationalEngine engine = new RelationalEngine(store, List.of(), List.of());
  private final RelationalSession t1 = engine.openSession();
  private final RelationalSession t2 = engine.openSession();
  private final RelationalSession t3 = engine.openSession();

  @BeforeEach
  void begin() {
    t1.execute("CREATE TABLE test (id INTEGER PRIMARY KEY, value INTEGER)");
    t1.execute("INSERT INTO test VALUES (1, 10), (2, 20)");
    for (RelationalSession session : List.of(t1, t2, t3)) {
      session.execute("BEGIN ISOLATION LEVEL READ COMMITTED");
    }
  }

  @AfterEach
  void close() {
    t1.close();
    t2.close();
    t3.close();
    store.close();
  }

  @Test
  void g0DirtyWriteIsPrevented() throws Exception {
    set(t1, 1, 11);
    CompletableFuture<Void> waiting = waits(t2, "UPDATE test SET value = 12 WHERE id = 1");
    set(t1, 2, 21);
    t1.commit();
    end(waiting);
    assertThat(all(t3)).containsExactly("11", "21");
    set(t2, 2, 22);
    t2.commit();
    assertThat(all(t3)).containsExactly("12", "22");
  }

  @Test
  void g1aAbortedReadIsPrevented() {
    set(t1, 1, 101);
    assertThat(all(t2)).containsExactly("10", "20");
    t1.rollback();
    assertThat(all(t2)).containsExactly("10", "20");
  }

  @Test
  void g1bIntermediateReadIsPrevented() {
    set(t1, 1, 101);
    assertThat(all(t2)).containsExactly("10", "20");
    set(t1, 1, 11);
    t1.commit();
    assertThat(all(t2)).containsExactly("11", "20");
  }

  @Test
  void g1cCircularInformationFlowIsPrevented() {
    set(t1, 1, 11);
    set(t2, 2, 22);
    assertThat(value(t1, 2)).isEqualTo("20");
    assertThat(value(t2, 1)).isEqualTo("10");
    t1.commit();
    t2.commit();
    assertThat(all(t3)).containsExactly("11", "22");
  }

  @Test
  void otvObservedTransactionDoesNotVanish() throws Exception {
    set(t1, 1, 11);
    set(t1, 2, 19);
    CompletableFuture<Void> waiting = waits(t2, "UPDATE test SET value = 12 WHERE id = 1");
    t1.commit();
    end(waiting);
    assertThat(value(t3, 1)).isEqualTo("11");
    set(t2, 2, 18);
    assertThat(value(t3, 2)).isEqualTo("19");
    t2.commit();
    assertThat(value(t3, 2)).isEqualTo("18");
    assertThat(value(t3, 1)).isEqualTo("12");
  }

  @Test
  void pmpPredicateManyPrecedersIsPossible() {
    assertThat(rows(t1, "SELECT id FROM test WHERE value = 30")).isEmpty();
    t2.execute("INSERT INTO test VALUES (3, 30)");
    t2.commit();
    assertThat(rows(t1, "SELECT id FROM test WHERE value % 3 = 0")).containsExactly("3");
  }

  /** PostgreSQL deletes no row here: it looks again at the rows that it waited for only. */
  @Test
  void aStatementThatWaitedLooksAtAllRowsAgain() throws Exception {
    t1.execute("UPDATE test SET value = value + 10");
    CompletableFuture<Void> waiting = waits(t2, "DELETE FROM test WHERE value = 20");
    t1.commit();
    end(waiting);
    assertThat(rows(t2, "SELECT id, value FROM test")).containsExactly("2|30");
    t2.commit();
  }

  @Test
  void p4LostUpdateIsPossible() throws Exception {
    assertThat(value(t1, 1)).isEqualTo("10");
    assertThat(value(t2, 1)).isEqualTo("10");
    set(t1, 1, 11);
    CompletableFuture<Void> waiting = waits(t2, "UPDATE test SET value = 12 WHERE id = 1");
    t1.commit();
    end(waiting);
    t2.commit();
    assertThat(value(t3, 1)).isEqualTo("12");
  }

  @Test
  void lockingWhatIsReadPreventsLostUpdates() throws Exception {
    assertThat(rows(t1, "SELECT value FROM test WHERE id = 1 FOR UPDATE")).containsExactly("10");
    CompletableFuture<List<String>> seen =
        CompletableFuture.supplyAsync(
            () -> rows(t2, "SELECT value FROM test WHERE id = 1 FOR UPDATE"));
    assertWaits(seen);
    set(t1, 1, 11);
    t1.commit();
    assertThat(seen.get(PATIENCE_SECONDS, TimeUnit.SECONDS)).containsExactly("11");
  }

  @Test
  void gSingleReadSkewIsPossible() {
    assertThat(value(t1, 1)).isEqualTo("10");
    set(t2, 1, 12);
    set(t2, 2, 18);
    t2.commit();
    assertThat(value(t1, 2)).isEqualTo("18");
  }

  @Test
  void g2ItemWriteSkewIsPossible() {
    assertThat(all(t1)).isEqualTo(all(t2));
    set(t1, 1, 11);
    set(t2, 2, 21);
    t1.commit();
    t2.commit();
    assertThat(all(t3)).containsExactly("11", "21");
  }

  private static void set(RelationalSession session, int id, int value) {
    session.execute("UPDATE test SET value = " + value + " WHERE id = " + id);
  }

  private static String value(RelationalSession session, int id) {
    return rows(session, "SELECT value FROM test WHERE id = " + id).get(0);
  }

  private static List<String> all(RelationalSession session) {
    return rows(session, "SELECT value FROM test ORDER BY id");
  }

  private static List<String> rows(RelationalSession session, String sql) {
    return SqlText.rows(session, sql);
  }

  private static CompletableFuture<Void> waits(RelationalSession session, String sql)
      throws InterruptedException {
    CompletableFuture<Void> waiting = CompletableFuture.runAsync(() -> session.execute(sql));
    assertWaits(waiting);
    return waiting;
  }

  private static void assertWaits(CompletableFuture<?> statement) throws InterruptedException {
    Thread.sleep(WAITING_MILLIS);
    assertThat(statement).isNotDone();
  }

  private static void end(CompletableFuture<Void> waiting) throws Exception {
    waiting.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
  }
}
