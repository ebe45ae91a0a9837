package io.ppdb.relational;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.KeyValueStore;
import io.ppdb.kv.PpdbException;
import io.ppdb.kv.StoreOptions;
import io.ppdb.kv.memory.MemoryEngine;
import io.ppdb.relational.lock.LockStrength;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** SELECT … FOR UPDATE and its like among several sessions. */
class RowLockingTest {
  private static final int PATIENCE_SECONDS = 60;

  private static final Set<Set<LockStrength>> COEXISTING =
      Set.of(
          Set.of(LockStrength.KEY_SHARE),
          Set.of(LockStrength.SHARE),
          Set.of(LockStrength.KEY_SHARE, LockStrength.SHARE),
          Set.of(LockStrength.KEY_SHARE, LockStrength.NO_KEY_UPDATE));

  private final KeyValueStore store = new MemoryEngine().open("", StoreOptions.DEFAULT);
  private final RelationalEngine engine = new RelationalEngine(store, List.of(), List.of());
  private final RelationalSession first = engine.openSession();
  private final RelationalSession second = engine.openSession();

  @BeforeEach
  void createJobs() {
    first.execute("CREATE TABLE jobs (id INTEGER PRIMARY KEY, n INTEGER)");
    first.execute("INSERT INTO jobs SELECT g, 0 FROM generate_series(1, 5) AS g (g)");
    first.execute("CREATE TABLE notes (id INTEGER PRIMARY KEY, job INTEGER REFERENCES jobs (id))");
  }

  @AfterEach
  void close() {
    first.close();
    second.close();
    assertThat(engine.rowLocks().size()).as("locks that nobody holds any more").isZero();
    store.close();
  }

  @Test
  void strengthsExcludeEachOtherAsInPostgres() {
    for (LockStrength held : LockStrength.values()) {
      for (LockStrength wanted : LockStrength.values()) {
        first.begin();
        first.execute("SELECT * FROM jobs WHERE id = 1 " + held.clause());
        String query = "SELECT id FROM jobs WHERE id = 1 " + wanted.clause() + " SKIP LOCKED";
        boolean excluded = rows(second, query).isEmpty();
        first.rollback();
        boolean coexist = COEXISTING.contains(Set.copyOf(List.of(held, wanted)));
        assertThat(excluded).as(held + " before " + wanted).isEqualTo(!coexist);
        assertThat(held.conflictsWith(wanted)).isEqualTo(wanted.conflictsWith(held));
      }
    }
  }

  @Test
  void onlyRowsThatAreReturnedAreLocked() {
    first.begin();
    String next = "SELECT id FROM jobs WHERE id > 1 ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED";
    assertThat(rows(first, next)).containsExactly("2");
    assertThat(rows(second, "SELECT id FROM jobs ORDER BY id FOR UPDATE SKIP LOCKED"))
        .containsExactly("1", "3", "4", "5");
    first.commit();
  }

  @Test
  void nowaitFailsAtOnceAndTheTransactionGoesOn() {
    first.begin();
    first.execute("SELECT * FROM jobs WHERE id = 1 FOR UPDATE");
    second.begin();
    assertCode(
        () -> second.execute("SELECT * FROM jobs WHERE id = 1 FOR SHARE NOWAIT"),
        ErrorCode.LOCK_NOT_AVAILABLE);
    assertThat(rows(second, "SELECT n FROM jobs WHERE id = 1")).containsExactly("0");
    second.commit();
    first.commit();
  }

  @Test
  void aLockTimeoutEndsTheWaitOfReadersAndWriters() {
    first.begin();
    first.execute("SELECT * FROM jobs WHERE id = 1 FOR UPDATE");
    second.execute("SET lock_timeout = '20ms'");
    for (String statement :
        List.of(
            "SELECT * FROM jobs WHERE id = 1 FOR KEY SHARE",
            "UPDATE jobs SET n = 1",
            "DELETE FROM jobs WHERE id = 1",
            "INSERT INTO jobs VALUES (1, 2) ON CONFLICT (id) DO UPDATE SET n = 9")) {
      assertCode(() -> second.execute(statement), ErrorCode.LOCK_NOT_AVAILABLE);
    }
    first.rollback();
    assertThat(second.execute("UPDATE jobs SET n = 1").updateCount()).isEqualTo(5);
  }

  @Test
  void aStatementTimeoutAndACancellationEndTheWaitToo() throws Exception {
    first.begin();
    first.execute("SELECT * FROM jobs WHERE id = 1 FOR UPDATE");
    PreparedSql waiting = second.prepare("SELECT * FROM jobs WHERE id = 1 FOR UPDATE");
    CompletableFuture<@Nullable ErrorCode> outcome =
        CompletableFuture.supplyAsync(() -> codeOf(waiting));
    assertWaits(outcome);
    waiting.cancel();
    assertThat(outcome.get(PATIENCE_SECONDS, TimeUnit.SECONDS)).isEqualTo(ErrorCode.CANCELLED);
    second.execute("SET statement_timeout = '20ms'");
    assertThat(codeOf(waiting)).isEqualTo(ErrorCode.CANCELLED);
    first.commit();
  }

  @Test
  void theFirstStatementOfATransactionSeesWhatTheOneItWaitedForHasDone() throws Exception {
    first.begin();
    first.execute("SELECT * FROM jobs WHERE id = 1 FOR UPDATE");
    CompletableFuture<List<String>> seen =
        CompletableFuture.supplyAsync(
            () -> {
              second.begin();
              List<String> rows = rows(second, "SELECT n FROM jobs WHERE id = 1 FOR UPDATE");
              second.execute("UPDATE jobs SET n = n + 1 WHERE id = 1");
              second.commit();
              return rows;
            });
    assertWaits(seen);
    first.execute("UPDATE jobs SET n = 10 WHERE id = 1");
    first.commit();
    assertThat(seen.get(PATIENCE_SECONDS, TimeUnit.SECONDS)).containsExactly("10");
    assertThat(rows(first, "SELECT n FROM jobs WHERE id = 1")).containsExactly("11");
  }

  @Test
  void aLaterStatementOfATransactionConflictsWithTheOneItWaitedFor() throws Exception {
    first.begin();
    first.execute("SELECT * FROM jobs WHERE id = 1 FOR UPDATE");
    second.begin();
    second.execute("SELECT * FROM jobs").close();
    PreparedSql waiting = second.prepare("SELECT * FROM jobs WHERE id = 1 FOR UPDATE");
    CompletableFuture<@Nullable ErrorCode> outcome =
        CompletableFuture.supplyAsync(() -> codeOf(waiting));
    assertWaits(outcome);
    first.execute("UPDATE jobs SET n = 10 WHERE id = 1");
    first.commit();
    assertThat(outcome.get(PATIENCE_SECONDS, TimeUnit.SECONDS)).isEqualTo(ErrorCode.CONFLICT);
    second.rollback();
  }

  @Test
  void whoeverWaitedForATransactionThatWasRolledBackGoesOn() throws Exception {
    first.begin();
    first.execute("SELECT * FROM jobs WHERE id = 1 FOR UPDATE");
    second.begin();
    second.execute("SELECT * FROM jobs").close();
    PreparedSql waiting = second.prepare("SELECT * FROM jobs WHERE id = 1 FOR UPDATE");
    CompletableFuture<@Nullable ErrorCode> outcome =
        CompletableFuture.supplyAsync(() -> codeOf(waiting));
    assertWaits(outcome);
    first.rollback();
    assertThat(outcome.get(PATIENCE_SECONDS, TimeUnit.SECONDS)).isNull();
    second.commit();
  }

  @Test
  void oneOfTwoThatWaitForEachOtherFailsAndTheOtherGoesOn() throws Exception {
    first.begin();
    first.execute("SELECT * FROM jobs WHERE id = 1 FOR UPDATE");
    second.begin();
    second.execute("SELECT * FROM jobs WHERE id = 2 FOR UPDATE");
    PreparedSql ofFirst = first.prepare("SELECT * FROM jobs WHERE id = 2 FOR UPDATE");
    PreparedSql ofSecond = second.prepare("SELECT * FROM jobs WHERE id = 1 FOR UPDATE");
    CompletableFuture<@Nullable ErrorCode> one =
        CompletableFuture.supplyAsync(() -> codeOf(ofFirst));
    CompletableFuture<@Nullable ErrorCode> other =
        CompletableFuture.supplyAsync(() -> codeOf(ofSecond));
    List<@Nullable ErrorCode> codes = new ArrayList<>();
    codes.add(one.get(PATIENCE_SECONDS, TimeUnit.SECONDS));
    codes.add(other.get(PATIENCE_SECONDS, TimeUnit.SECONDS));
    assertThat(codes).containsExactlyInAnyOrder(null, ErrorCode.DEADLOCK_DETECTED);
    first.rollback();
    second.rollback();
  }

  @Test
  void whatRefersToALockedRowDependsOnTheStrength() {
    second.begin();
    second.execute("SELECT * FROM jobs").close();
    first.execute("SELECT * FROM jobs WHERE id = 1 FOR NO KEY UPDATE");
    second.execute("INSERT INTO notes VALUES (1, 1)");
    second.commit();

    second.begin();
    second.execute("SELECT * FROM jobs").close();
    first.execute("SELECT * FROM jobs WHERE id = 1 FOR UPDATE");
    second.execute("INSERT INTO notes VALUES (2, 1)");
    assertCode(second::commit, ErrorCode.CONFLICT);
  }

  @Test
  void whatIsLockedCannotBeChangedByOneThatChangedItBefore() {
    first.begin();
    first.execute("UPDATE jobs SET n = 1 WHERE id = 1");
    second.execute("SELECT * FROM jobs WHERE id = 1 FOR SHARE");
    assertCode(first::commit, ErrorCode.CONFLICT);
  }

  @Test
  void workersThatSkipWhatIsLockedTakeEachJobOnce() throws Exception {
    int jobCount = 400;
    int workerCount = 6;
    first.execute("DELETE FROM jobs");
    first.execute(
        "INSERT INTO jobs SELECT g, 0 FROM generate_series(1, " + jobCount + ") AS g (g)");
    List<String> taken = Collections.synchronizedList(new ArrayList<>());
    CountDownLatch start = new CountDownLatch(1);
    List<CompletableFuture<Void>> workers = new ArrayList<>();
    for (int i = 0; i < workerCount; i++) {
      boolean inOneStatement = i % 2 == 1;
      workers.add(CompletableFuture.runAsync(() -> work(start, inOneStatement, taken)));
    }
    start.countDown();
    for (CompletableFuture<Void> worker : workers) {
      worker.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }
    assertThat(taken).hasSize(jobCount).doesNotHaveDuplicates();
    assertThat(rows(first, "SELECT count(*) FROM jobs")).containsExactly("0");
  }

  private void work(CountDownLatch start, boolean inOneStatement, List<String> taken) {
    String next = "SELECT id FROM jobs ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED";
    try (RelationalSession session = engine.openSession()) {
      start.await();
      int empty = 0;
      while (empty < 3) {
        List<String> got;
        if (inOneStatement) {
          got = rows(session, "DELETE FROM jobs WHERE id = (" + next + ") RETURNING id");
        } else {
          session.begin();
          got = rows(session, next);
          for (String id : got) {
            session.execute("DELETE FROM jobs WHERE id = " + id);
          }
          session.commit();
        }
        taken.addAll(got);
        // What is locked now may be free again, if its worker has to give it back.
        empty = got.isEmpty() && rows(session, "SELECT id FROM jobs").isEmpty() ? empty + 1 : 0;
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void assertWaits(CompletableFuture<?> outcome) {
    assertThatThrownBy(() -> outcome.get(100, TimeUnit.MILLISECONDS))
        .isInstanceOf(TimeoutException.class);
  }

  private static void assertCode(ThrowingCallable call, ErrorCode code) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            PpdbException.class, e -> assertThat(e.code()).as(e.getMessage()).isEqualTo(code));
  }

  private static @Nullable ErrorCode codeOf(PreparedSql statement) {
    try {
      statement.execute().close();
      return null;
    } catch (PpdbException e) {
      return e.code();
    }
  }

  private static List<String> rows(RelationalSession session, String sql) {
    return SqlText.rows(session, sql);
  }
}
