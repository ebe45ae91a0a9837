package io.ppdb.relational;

import static org.assertj.core.api.Assertions.assertThat;

import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.KeyValueStore;
import io.ppdb.kv.PpdbException;
import io.ppdb.kv.StoreOptions;
import io.ppdb.kv.memory.MemoryEngine;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A statement that is cancelled works for a tenth of a second at most before it ends, whatever it
 * is at. Measured is the processor time of its thread, so a busy machine does no harm.
 */
class CancellationTimeTest {
  private static final long MOST_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  /** How long a statement runs before it is cancelled: it is at something else each time. */
  private static final int[] RUN_MILLIS = {30, 150, 500};

  private static final int PATIENCE_SECONDS = 60;

  /** Of a statement that was not cancelled. */
  private static final long ENDED = -1;

  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  @TempDir static Path directory;

  private static KeyValueStore store;
  private static RelationalEngine engine;

  @BeforeAll
  static void load() throws Exception {
    store = new MemoryEngine().open("", StoreOptions.DEFAULT);
    engine = new RelationalEngine(store, List.of(), List.of());
    try (RelationalSession session = engine.openSession()) {
      session.execute("CREATE TABLE n (i INTEGER PRIMARY KEY)");
      session.execute("INSERT INTO n SELECT i FROM generate_series(1, 2500) AS s (i)");
      session.execute("CREATE TABLE big (i INTEGER PRIMARY KEY, k INTEGER, s TEXT)");
      session.execute("CREATE TABLE big_copy (i INTEGER PRIMARY KEY, k INTEGER, s TEXT)");
      session.execute(
          "INSERT INTO big SELECT i, i * 7919 % 10007, 'abc' || i"
              + " FROM generate_series(1, 60000) AS s (i)");
      session.execute("COPY big TO '" + file("big.csv") + "' WITH (FORMAT csv)");
      // Code that has never run is up to ten times as slow, which is not what is measured here.
      for (String each : statements().limit(3).toList()) {
        nanosToEnd(session.prepare(each), 1000);
      }
    }
  }

  @AfterAll
  static void close() {
    store.close();
  }

  private static String file(String name) {
    return directory.resolve(name).toString();
  }

  static Stream<String> statements() {
    String slow = "repeat(s, 2000) LIKE '%x%y%'";
    return Stream.of(
        "SELECT count(*) FROM big WHERE " + slow,
        "SELECT a.i FROM n a, n b ORDER BY a.i * b.i % 1009, b.i",
        "SELECT count(*) FROM big JOIN (SELECT b.i + c.i AS y FROM n b, n c) d ON big.i = d.y",
        "SELECT a.i * b.i, count(*), sum(b.i) FROM n a, n b GROUP BY 1",
        "SELECT DISTINCT a.i * b.i FROM n a, n b",
        "SELECT sum(a.i) OVER (PARTITION BY a.i % 3 ORDER BY b.i) FROM n a, n b",
        "SELECT lag(NULLIF(a.i, a.i)) IGNORE NULLS OVER (ORDER BY b.i) FROM n a, n b WHERE"
            + " b.i < 400",
        "SELECT max(a.i) OVER (ORDER BY b.i ROWS 9 PRECEDING) FROM n a, n b",
        "SELECT max(length(t)) FROM (SELECT string_agg(s, ',' ORDER BY k, big.i) AS t FROM n, big"
            + " WHERE n.i < 99) AS q",
        "SELECT count(*) FROM n a, n b, n c WHERE a.i + b.i + c.i = -1",
        "SELECT count(*) FROM n a, n b, big c WHERE c.i = a.i + b.i",
        "SELECT count(*) FROM n a WHERE (SELECT sum(b.i * c.i) FROM n b, n c WHERE b.i <> a.i) < 0",
        "WITH RECURSIVE r (x) AS (VALUES (1) UNION ALL SELECT x + 1 FROM r) SELECT max(x) FROM r",
        "INSERT INTO big_copy SELECT * FROM big",
        "UPDATE big SET k = k + 1",
        "DELETE FROM big",
        "COPY (SELECT a.i, b.i AS j FROM n a, n b) TO '" + file("out.csv") + "' WITH (FORMAT csv)",
        "COPY (SELECT a.i FROM n a, n b ORDER BY a.i * b.i) TO '"
            + file("out.csv")
            + "' WITH (FORMAT csv)",
        "COPY big_copy FROM '" + file("big.csv") + "' WITH (FORMAT csv)",
        "CREATE INDEX big_k ON big (k, s)",
        "CREATE UNIQUE INDEX big_s ON big (upper(s))",
        "CREATE TABLE made AS SELECT a.i, b.i AS j FROM n a, n b",
        "ALTER TABLE big ADD CHECK (NOT " + slow + ")",
        "ALTER TABLE big ALTER COLUMN k TYPE bigint",
        "ANALYZE big");
  }

  @ParameterizedTest
  @MethodSource("statements")
  void aCancelledStatementEndsSoon(String sql) throws Exception {
    int cancelledCount = 0;
    for (int millis : RUN_MILLIS) {
      try (RelationalSession session = engine.openSession()) {
        // What changes the schema beside other users is no part of a transaction.
        boolean isAlone = sql.startsWith("CREATE") || sql.startsWith("ALTER");
        if (!isAlone) {
          session.begin();
        }
        long nanos = nanosToEnd(session.prepare(sql), millis);
        assertThat(nanos).as("nanoseconds of work after it was cancelled").isLessThan(MOST_NANOS);
        boolean ended = nanos == ENDED;
        cancelledCount += ended ? 0 : 1;
        if (!isAlone) {
          session.rollback();
        } else if (ended) {
          break; // it is done, and cannot be done again
        }
      }
    }
    assertThat(cancelledCount).as("times it was cancelled").isPositive();
  }

  /** Cancels after a while: how much it works until it ends; ENDED if it had ended before. */
  private static long nanosToEnd(PreparedSql prepared, int millis) throws Exception {
    CountDownLatch started = new CountDownLatch(1);
    long[] endNanos = {0};
    CompletableFuture<@Nullable ErrorCode> outcome = new CompletableFuture<>();
    Thread thread =
        new Thread(
            () -> {
              started.countDown();
              try (StatementResult result = prepared.execute()) {
                while (result.nextBatch() != null) {
                  // Rows do not matter.
                }
                outcome.complete(null);
              } catch (PpdbException e) {
                endNanos[0] = THREADS.getCurrentThreadCpuTime();
                outcome.complete(e.code());
              } catch (RuntimeException | Error e) {
                outcome.completeExceptionally(e);
              }
            });
    thread.start();
    started.await();
    try {
      assertThat(outcome.get(millis, TimeUnit.MILLISECONDS)).isNull();
      return ENDED;
    } catch (TimeoutException e) {
      prepared.cancel();
    }
    long startNanos = THREADS.getThreadCpuTime(thread.getId());
    ErrorCode error = outcome.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    if (error == null) {
      return ENDED;
    }
    assertThat(error).isEqualTo(ErrorCode.CANCELLED);
    return endNanos[0] - startNanos;
  }
}
