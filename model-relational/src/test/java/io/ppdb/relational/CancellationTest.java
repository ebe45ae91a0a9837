package io.ppdb.relational;

import static org.assertj.core.api.Assertions.assertThat;

import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.KeyValueStore;
import io.ppdb.kv.PpdbException;
import io.ppdb.kv.StoreOptions;
import io.ppdb.kv.memory.MemoryEngine;
import io.ppdb.relational.vector.VectorBatch;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
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
