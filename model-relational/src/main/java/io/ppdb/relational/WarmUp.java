package io.ppdb.relational;

import io.ppdb.kv.KeyValueEngine;
import io.ppdb.kv.KeyValueStore;
import io.ppdb.kv.StoreOptions;
import io.ppdb.relational.planner.PlanMetadata;
import java.util.List;

/**
 * Runs a few statements on an empty store in memory, once in a process and beside whatever else it
 * does, so that the classes of parser, planner and executor are there when the first statement of a
 * user comes: loading them takes longer than most statements.
 */
public final class WarmUp {
  private static final List<String> STATEMENTS =
      List.of(
          "CREATE TABLE t (id INTEGER PRIMARY KEY, k BIGINT NOT NULL, s VARCHAR(9), d"
              + " DECIMAL(9,2))",
          "CREATE INDEX t_k ON t (k)",
          "INSERT INTO t VALUES (1, 2, 'a', 3.5), (2, 3, 'b', 4.5)",
          "SELECT s, d FROM t WHERE id = 1",
          "SELECT a.s, sum(b.d), count(*) FROM t a JOIN t b ON b.id = a.k JOIN t c ON c.k = b.k"
              + " WHERE a.k BETWEEN 1 AND 5 GROUP BY a.s ORDER BY 2 DESC LIMIT 3",
          "SELECT upper(s) || 'x' FROM t WHERE s LIKE 'a%' AND id IN (SELECT k FROM t)",
          "UPDATE t SET d = d + 1 WHERE id = 1",
          "DELETE FROM t WHERE k = 3");

  private WarmUp() {}

  /** Starts it, the first time; returns at once. */
  public static void start() {
    Started.start(); // its class starts the thread
  }

  private static final class Started {
    private static final Thread THREAD = begin();

    static void start() {
      assert THREAD.isDaemon();
    }

    private static Thread begin() {
      Thread thread = new Thread(WarmUp::run, "ppdb-sql-warm-up");
      thread.setDaemon(true);
      thread.start();
      return thread;
    }
  }

  static void run() {
    KeyValueEngine memory = KeyValueEngine.named("memory", WarmUp.class.getClassLoader());
    try (KeyValueStore store = memory.open("", StoreOptions.DEFAULT);
        RelationalSession session =
            new RelationalEngine(store, List.of(), List.of()).openSession()) {
      for (String sql : STATEMENTS) {
        try (StatementResult result = session.execute(sql)) {
          while (result.nextBatch() != null) {
            // Only to have run it.
          }
        }
      }
    }
    PlanMetadata.compile();
  }
}
