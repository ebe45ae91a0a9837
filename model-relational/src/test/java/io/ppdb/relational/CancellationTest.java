package io.ppdb.relational;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.KeyValueStore;
import io.ppdb.kv.PpdbException;
import io.ppdb.kv.StoreOptions;
import io.ppdb.kv.memory.MemoryEngine;
import io.ppdb.relational.exec.Cancellation;
import io.ppdb.relational.exec.ExecutionContext;
import io.ppdb.relational.exec.TimedOperator;
import io.ppdb.relational.exec.ValuesOperator;
import io.ppdb.relational.type.ColumnType;
import io.ppdb.relational.vector.VectorBatch;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CancellationTest {
  /** Far above the tenth of a second that is aimed at: the machine may have other work. */
  private static final int PATIENCE_MILLIS = 5_000;

  private static final int RUN_MILLIS = 700;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT count(*) FROM n a, n b, n c WHERE a.i + b.i + c.i = -1",
        "SELECT a.i FROM n a, n b ORDER BY a.i * b.i, b.i",
        "SELECT (a.i * b.i + c.i) % 1000, sum(c.i) FROM n a, n b, n c GROUP BY 1",
        "SELECT DISTINCT a.i % 10 + b.i % 10 FROM n a, n b, n c",
        "SELECT count(*) FROM n a JOIN n b ON a.i % 2 = b.i % 2 JOIN n c ON b.i % 3 = c.i % 3",
        "SELECT count(*) FROM n a WHERE (SELECT sum(b.i * c.i) FROM n b, n c WHERE b.i <> a.i) < 0",
        "UPDATE n SET i = i + 1 WHERE (SELECT count(*) FROM n b, n c, n d WHERE b.i <> c.i) < 0"
      })
  void aRunningStatementEndsWhenItIsCancelled(String sql) throws Exception {
    try (KeyValueStore store = new MemoryEngine().open("", StoreOptions.DEFAULT);
        RelationalSession session =
            new RelationalEngine(store, List.of(), List.of()).openSession()) {
      session.execute("CREATE TABLE n (i INTEGER PRIMARY KEY)");
      PreparedSql insert = session.prepare("INSERT INTO n VALUES (?)");
      session.begin();
      for (int i = 0; i < 2_500; i++) {
        insert.execute(i);
      }
      session.commit();
      PreparedSql prepared = session.prepare(sql);
      CompletableFuture<ErrorCode> outcome = CompletableFuture.supplyAsync(() -> run(prepared));
      try {
        outcome.get(RUN_MILLIS, TimeUnit.MILLISECONDS);
        throw new AssertionError("ended before it was cancelled");
      } catch (TimeoutException e) {
        prepared.cancel();
      }
      assertThat(outcome(outcome)).isEqualTo(ErrorCode.CANCELLED);
    }
  }

  @Test
  void aStatementThatTakesTooLongEnds() {
    try (KeyValueStore store = new MemoryEngine().open("", StoreOptions.DEFAULT);
        RelationalSession session =
            new RelationalEngine(store, List.of(), List.of()).openSession()) {
      session.execute("CREATE TABLE n (i INTEGER PRIMARY KEY)");
      session.execute("INSERT INTO n SELECT i FROM TABLE(generate_series(1, 2500)) AS s (i)");
      session.execute("SET statement_timeout = '200ms'");
      assertThatThrownBy(
              () ->
                  SqlText.rows(
                      session, "SELECT count(*) FROM n a, n b, n c WHERE a.i + b.i + c.i = -1"))
          .isInstanceOf(PpdbException.class)
          .hasMessage("canceling statement due to statement timeout")
          .extracting(e -> ((PpdbException) e).code())
          .isEqualTo(ErrorCode.CANCELLED);
      session.begin();
      session.execute("DELETE FROM n WHERE i = 1");
      assertThatThrownBy(
              () ->
                  session.execute(
                      "UPDATE n SET i = -i WHERE (SELECT count(*) FROM n b, n c, n d"
                          + " WHERE b.i <> c.i) < 0"))
          .hasMessage("canceling statement due to statement timeout");
      session.execute("SET statement_timeout = 0");
      assertThat(SqlText.rows(session, "SELECT count(*) FROM n"))
          .as("the transaction goes on")
          .containsExactly("2499");
    }
  }

  @Test
  void whatTheReaderOfRowsDoesMeanwhileDoesNotCount() throws Exception {
    Cancellation cancellation = new Cancellation(new Cancellation(), 1000);
    try (TimedOperator rows =
        new TimedOperator(
            new ValuesOperator(List.of(ColumnType.INTEGER), List.of()), cancellation)) {
      rows.open(ExecutionContext.builder().cancellation(cancellation).build());
      CountDownLatch never = new CountDownLatch(1);
      assertThat(never.await(1200, TimeUnit.MILLISECONDS)).isFalse();
      assertThat(rows.next()).isNull();
    }
  }

  private static ErrorCode outcome(CompletableFuture<ErrorCode> running)
      throws InterruptedException, ExecutionException, TimeoutException {
    return running.get(PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
  }

  private static ErrorCode run(PreparedSql prepared) {
    try (StatementResult result = prepared.execute()) {
      VectorBatch batch;
      do {
        batch = result.nextBatch();
      } while (batch != null);
      throw new AssertionError("it was not cancelled");
    } catch (PpdbException e) {
      return e.code();
    }
  }
}
