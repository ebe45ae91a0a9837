package io.ppdb.relational;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.KeyValueStore;
import io.ppdb.kv.PpdbException;
import io.ppdb.kv.StoreOptions;
import io.ppdb.kv.memory.MemoryEngine;
import io.ppdb.relational.exec.RowCursor;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Transactions that are READ COMMITTED, among themselves and with others. */
class ReadCommittedTest {
  private static final int PATIENCE_SECONDS = 60;
  private static final int WAITING_MILLIS = 50;

  private final KeyValueStore store = new MemoryEngine().open("", StoreOptions.DEFAULT);
  private final RelationalEngine engine = new RelationalEngine(store, List.of(), List.of());
  private final RelationalSession first = engine.openSession();
  private final RelationalSession second = engine.openSession();

  @BeforeEach
  void createAccounts() {
    first.execute("CREATE TABLE accounts (id INTEGER PRIMARY KEY, name TEXT UNIQUE, n INTEGER)");
    first.execute("INSERT INTO accounts SELECT g, 'a' || g, 0 FROM generate_series(1, 5) AS g (g)");
    for (RelationalSession session : List.of(first, second)) {
      session.execute("SET default_transaction_isolation = 'read committed'");
    }
  }

  @AfterEach
  void close() {
    first.close();
    second.close();
    assertThat(engine.rowLocks().size()).as("locks that nobody holds any more").isZero();
    store.close();
  }

  @Test
  void eachStatementSeesWhatWasCommittedBeforeIt() {
    first.begin();
    assertThat(rows(first, "SELECT n FROM accounts WHERE id = 1")).containsExactly("0");
    second.execute("UPDATE accounts SET n = 1 WHERE id = 1");
    assertThat(rows(first, "SELECT n FROM accounts WHERE id = 1")).containsExactly("1");
    first.execute("UPDATE accounts SET n = n + 1 WHERE id = 2");
    second.execute("UPDATE accounts SET n = 5 WHERE id = 3");
    assertThat(rows(first, "SELECT n FROM accounts ORDER BY id"))
        .as("own writes on top of those of others")
        .containsExactly("1", "1", "5", "0", "0");
    first.commit();
    assertThat(rows(second, "SELECT n FROM accounts WHERE id = 2")).containsExactly("1");
  }

  @Test
  void repeatableReadDoesNot() {
    first.execute("BEGIN ISOLATION LEVEL REPEATABLE READ");
    assertThat(rows(first, "SELECT n FROM accounts WHERE id = 1")).containsExactly("0");
    second.execute("UPDATE accounts SET n = 1 WHERE id = 1");
    assertThat(rows(first, "SELECT n FROM accounts WHERE id = 1")).containsExactly("0");
    first.commit();
  }

  @Test
  void theLevelIsToldAndSetForOneTransaction() {
    assertThat(rows(first, "SHOW transaction_isolation")).containsExactly("read committed");
    first.execute("BEGIN");
    first.execute("SET TRANSACTION ISOLATION LEVEL SERIALIZABLE");
    assertThat(rows(first, "SHOW transaction_isolation")).containsExactly("serializable");
    first.execute("COMMIT");
    assertThat(rows(first, "SHOW transaction_isolation")).containsExactly("read committed");
    first.execute("RESET default_transaction_isolation");
    assertThat(rows(first, "SHOW transaction_isolation")).containsExactly("repeatable read");
  }

  @Test
  void aWriterWaitsForTheOtherAndThenSeesWhatItDid() throws Exception {
    for (String statement :
        List.of(
            "UPDATE accounts SET n = n + 1 WHERE id = 1",
            "UPDATE accounts SET n = n + 1 WHERE name = 'a1'",
            "INSERT INTO accounts VALUES (1, 'x', 11) ON CONFLICT (id) DO UPDATE SET n = accounts.n"
                + " + 1",
            "MERGE INTO accounts USING (VALUES (1)) AS v (i) ON id = i WHEN MATCHED THEN UPDATE SET"
                + " n = n + 1")) {
      first.execute("UPDATE accounts SET n = 0 WHERE id = 1");
      first.begin();
      first.execute("UPDATE accounts SET n = 10 WHERE id = 1");
      second.begin();
      rows(second, "SELECT count(*) FROM accounts"); // so that it is not its first statement
      CompletableFuture<Void> done = inSecond(statement);
      assertWaits(done);
      first.commit();
      done.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
      second.commit();
      assertThat(rows(first, "SELECT n FROM accounts WHERE id = 1"))
          .as(statement)
          .containsExactly("11");
    }
  }

  @Test
  void aWriterThatWaitedInVainGoesOn() throws Exception {
    first.begin();
    first.execute("UPDATE accounts SET n = 10 WHERE id = 1");
    second.begin();
    CompletableFuture<Void> done = inSecond("UPDATE accounts SET n = n + 1 WHERE id = 1");
    assertWaits(done);
    first.rollback();
    done.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    second.commit();
    assertThat(rows(first, "SELECT n FROM accounts WHERE id = 1")).containsExactly("1");
  }

  @Test
  void aStatementOfItsOwnWaitsToo() throws Exception {
    first.begin();
    first.execute("DELETE FROM accounts WHERE id = 1");
    CompletableFuture<Void> done = inSecond("UPDATE accounts SET n = n + 1");
    assertWaits(done);
    first.commit();
    done.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    assertThat(rows(first, "SELECT sum(n), count(*) FROM accounts")).containsExactly("4|4");
  }

  @Test
  void ofTwoWhoInsertOneKeyTheSecondWaitsAndFails() throws Exception {
    for (String row : List.of("(9, 'z', 0)", "(8, 'y', 0)")) {
      first.begin();
      first.execute("INSERT INTO accounts VALUES (9, 'y', 0)");
      second.begin();
      CompletableFuture<Void> done = inSecond("INSERT INTO accounts VALUES " + row);
      assertWaits(done);
      first.commit();
      assertThatThrownBy(() -> done.get(PATIENCE_SECONDS, TimeUnit.SECONDS))
          .hasCauseInstanceOf(PpdbException.class)
          .hasMessageContaining("duplicate key value");
      assertThat(rows(second, "SELECT count(*) FROM accounts"))
          .as("the transaction goes on")
          .containsExactly("6");
      second.commit();
      first.execute("DELETE FROM accounts WHERE id = 9");
    }
  }

  @Test
  void ofTwoWhoInsertOneKeyTheSecondTakesItIfTheFirstGivesUp() throws Exception {
    first.begin();
    first.execute("INSERT INTO accounts VALUES (9, 'z', 1)");
    CompletableFuture<Void> done = inSecond("INSERT INTO accounts VALUES (9, 'z', 2)");
    assertWaits(done);
    first.rollback();
    done.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    assertThat(rows(first, "SELECT n FROM accounts WHERE id = 9")).containsExactly("2");
  }

  @Test
  void whoWaitForEachOtherAreTold() throws Exception {
    first.begin();
    first.execute("UPDATE accounts SET n = 1 WHERE id = 1");
    second.begin();
    second.execute("UPDATE accounts SET n = 1 WHERE id = 2");
    CompletableFuture<Void> done = inSecond("UPDATE accounts SET n = 1 WHERE id = 1");
    assertWaits(done);
    ErrorCode mine = codeOf(() -> first.execute("UPDATE accounts SET n = 1 WHERE id = 2"));
    assertThat(mine).isEqualTo(ErrorCode.DEADLOCK_DETECTED);
    first.rollback();
    done.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    second.commit();
  }

  @Test
  void savepointsTakeBackWhatWasWrittenOnSeveralSnapshots() {
    first.execute("BEGIN");
    first.execute("UPDATE accounts SET n = 1 WHERE id = 1");
    first.execute("SAVEPOINT s");
    second.execute("UPDATE accounts SET n = 2 WHERE id = 2");
    first.execute("UPDATE accounts SET n = n + 10 WHERE id <= 2");
    assertThat(rows(first, "SELECT n FROM accounts ORDER BY id LIMIT 2"))
        .containsExactly("11", "12");
    first.execute("ROLLBACK TO SAVEPOINT s");
    assertThat(rows(first, "SELECT n FROM accounts ORDER BY id LIMIT 2")).containsExactly("1", "2");
    first.execute("COMMIT");
    assertThat(rows(second, "SELECT n FROM accounts ORDER BY id LIMIT 2"))
        .containsExactly("1", "2");
  }

  @Test
  void rowsThatAreBeingReadKeepTheirSnapshot() {
    first.begin();
    rows(first, "SELECT 1");
    try (StatementResult open = first.execute("SELECT n FROM accounts ORDER BY id")) {
      second.execute("UPDATE accounts SET n = 7");
      assertThat(rows(first, "SELECT n FROM accounts WHERE id = 1")).containsExactly("0");
      RowCursor cursor = open.rows();
      int sum = 0;
      while (cursor.next()) {
        sum += cursor.getInt(0);
      }
      assertThat(sum).isZero();
    }
    assertThat(rows(first, "SELECT n FROM accounts WHERE id = 1")).containsExactly("7");
    first.commit();
  }

  @Test
  void whatOneWroteAndAnotherChangedWithoutWaitingConflicts() {
    second.execute("SET default_transaction_isolation = 'repeatable read'");
    second.begin();
    rows(second, "SELECT n FROM accounts WHERE id = 1");
    first.begin();
    first.execute("UPDATE accounts SET n = 1 WHERE id = 1");
    first.commit();
    assertThat(codeOf(() -> second.execute("UPDATE accounts SET n = 2 WHERE id = 1")))
        .as("seen at the statement")
        .isEqualTo(ErrorCode.CONFLICT);
    second.rollback();
  }

  /** No update is lost: each adds to some accounts in turn, and takes from one. */
  @Test
  void updatesOfManyAddUp() throws Exception {
    int threadCount = 8;
    int transactionCount = 150;
    List<CompletableFuture<Integer>> workers = new ArrayList<>();
    for (int i = 0; i < threadCount; i++) {
      long seed = i;
      workers.add(CompletableFuture.supplyAsync(() -> transfer(seed, transactionCount)));
    }
    int deadlocks = 0;
    for (CompletableFuture<Integer> worker : workers) {
      deadlocks += worker.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }
    assertThat(deadlocks).as("rows are locked in order").isZero();
    assertThat(rows(first, "SELECT sum(n), sum(n) FILTER (WHERE id = 1) FROM accounts"))
        .containsExactly("0|" + threadCount * transactionCount);
  }

  /** Conflicts fail the test; how many deadlocks there were. */
  private int transfer(long seed, int count) {
    Random random = new Random(seed);
    int deadlocks = 0;
    try (RelationalSession session = engine.openSession()) {
      session.execute("SET default_transaction_isolation = 'read committed'");
      for (int i = 0; i < count; i++) {
        int other = 2 + random.nextInt(4);
        try {
          session.begin();
          rows(session, "SELECT n FROM accounts WHERE id = " + other);
          session.execute("UPDATE accounts SET n = n + 1 WHERE id = 1");
          session.execute("UPDATE accounts SET n = n - 1 WHERE id = " + other);
          session.commit();
        } catch (PpdbException e) {
          if (e.code() != ErrorCode.DEADLOCK_DETECTED) {
            throw e;
          }
          session.rollback();
          deadlocks++;
          i--;
        }
      }
    }
    return deadlocks;
  }

  private CompletableFuture<Void> inSecond(String statement) {
    return CompletableFuture.runAsync(() -> second.execute(statement));
  }

  private static void assertWaits(CompletableFuture<?> outcome) throws InterruptedException {
    Thread.sleep(WAITING_MILLIS);
    assertThat(outcome).isNotDone();
  }

  private static ErrorCode codeOf(ThrowingCallable call) {
    PpdbException failure = catchThrowableOfType(PpdbException.class, call);
    assertThat(failure).isNotNull();
    return failure.code();
  }

  private static List<String> rows(RelationalSession session, String sql) {
    return SqlText.rows(session, sql);
  }
}
