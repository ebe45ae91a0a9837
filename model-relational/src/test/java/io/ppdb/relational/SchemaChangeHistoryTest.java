package io.ppdb.relational;

import static org.assertj.core.api.Assertions.assertThat;

import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.KeyValueStore;
import io.ppdb.kv.PpdbException;
import io.ppdb.kv.StoreOptions;
import io.ppdb.kv.memory.MemoryEngine;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** Changes of a table while others write to it. {@code -Dppdb.seed=} replays the choices. */
final class SchemaChangeHistoryTest {
  private static final int WRITERS = 3;
  private static final int CHANGES = 40 * Integer.getInteger("ppdb.effort", 1);
  private static final Set<ErrorCode> REFUSALS =
      Set.of(
          ErrorCode.CONFLICT,
          ErrorCode.CHECK_VIOLATION,
          ErrorCode.NOT_NULL_VIOLATION,
          ErrorCode.UNIQUE_VIOLATION);

  private final long seed = Long.getLong("ppdb.seed", System.nanoTime());

  /** What one thread does until it is told to stop. */
  private static void beside(List<Callable<Boolean>> work, Runnable main) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(work.size());
    try {
      List<Future<Boolean>> running = new ArrayList<>();
      work.forEach(each -> running.add(threads.submit(each)));
      main.run();
      for (Future<Boolean> each : running) {
        each.get();
      }
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void noWriterSlipsPastAConstraintThatIsAdded() throws Exception {
    try (KeyValueStore store = new MemoryEngine().open("", StoreOptions.DEFAULT)) {
      RelationalEngine engine = new RelationalEngine(store, List.of(), List.of());
      try (RelationalSession session = engine.openSession()) {
        session.execute("CREATE TABLE t (id SERIAL PRIMARY KEY, n INT)").close();
        AtomicBoolean stop = new AtomicBoolean();
        List<Callable<Boolean>> writers = new ArrayList<>();
        for (int i = 0; i < WRITERS; i++) {
          Random random = new Random(seed + i);
          writers.add(() -> write(engine, random, stop));
        }
        int[] added = new int[1];
        beside(
            writers,
            () -> {
              try {
                for (int i = 0; i < CHANGES; i++) {
                  added[0] += add(session, i % 2 == 0) ? 1 : 0;
                }
              } finally {
                stop.set(true);
              }
            });
        assertThat(added[0]).as("constraints added, seed %d", seed).isPositive();
      }
    }
  }

  private static boolean write(RelationalEngine engine, Random random, AtomicBoolean stop) {
    while (!stop.get()) {
      try (RelationalSession session = engine.openSession()) {
        session.begin();
        for (int i = 0; i <= random.nextInt(3); i++) {
          String value =
              switch (random.nextInt(200)) {
                case 0 -> "-1";
                case 1 -> "NULL";
                default -> "1";
              };
          session.execute("INSERT INTO t (n) VALUES (" + value + ")").close();
        }
        session.commit();
      } catch (PpdbException e) {
        if (!REFUSALS.contains(e.code())) {
          throw e;
        }
      }
    }
    return true;
  }

  /** Whether the constraint could be added; then no row may fail it. */
  private boolean add(RelationalSession session, boolean isCheck) {
    session.execute("DELETE FROM t").close();
    try {
      session
          .execute(
              isCheck
                  ? "ALTER TABLE t ADD CONSTRAINT c CHECK (n > 0)"
                  : "ALTER TABLE t ALTER COLUMN n SET NOT NULL")
          .close();
    } catch (PpdbException e) {
      if (!REFUSALS.contains(e.code())) {
        throw e;
      }
      return false;
    }
    String wrong = isCheck ? "NOT n > 0" : "coalesce(n, 0) = 0";
    assertThat(SqlText.rows(session, "SELECT * FROM t WHERE " + wrong))
        .as("rows that slipped in, seed %d", seed)
        .isEmpty();
    session
        .execute(
            isCheck
                ? "ALTER TABLE t DROP CONSTRAINT c"
                : "ALTER TABLE t ALTER COLUMN n DROP NOT NULL")
        .close();
    return true;
  }

  @Test
  void anIndexBuiltBesideWritersHasEveryRow() throws Exception {
    try (KeyValueStore store = new MemoryEngine().open("", StoreOptions.DEFAULT)) {
      RelationalEngine engine = new RelationalEngine(store, List.of(), List.of());
      try (RelationalSession session = engine.openSession()) {
        session.execute("CREATE TABLE t (id INT PRIMARY KEY, n INT)").close();
        session.begin();
        for (int i = 0; i < 3000; i++) {
          session.execute("INSERT INTO t VALUES (?, ?)", i, i % 7).close();
        }
        session.commit();
        AtomicBoolean stop = new AtomicBoolean();
        List<Callable<Boolean>> writers = new ArrayList<>();
        for (int i = 0; i < WRITERS; i++) {
          Random random = new Random(seed + i);
          writers.add(() -> change(engine, random, stop));
        }
        beside(
            writers,
            () -> {
              try {
                for (int i = 0; i < CHANGES / 8; i++) {
                  session.execute("CREATE INDEX i ON t (n)").close();
                  requireComplete(session);
                  session.execute("DROP INDEX i").close();
                }
              } finally {
                stop.set(true);
              }
            });
      }
    }
  }

  private static boolean change(RelationalEngine engine, Random random, AtomicBoolean stop) {
    try (RelationalSession session = engine.openSession()) {
      while (!stop.get()) {
        int id = random.nextInt(3200);
        int n = random.nextInt(7);
        try {
          switch (random.nextInt(3)) {
            case 0 -> session.execute("DELETE FROM t WHERE id = ?", id).close();
            case 1 -> session.execute("UPDATE t SET n = ? WHERE id = ?", n, id).close();
            default -> session.execute("INSERT INTO t VALUES (?, ?)", id, n).close();
          }
        } catch (PpdbException e) {
          if (!REFUSALS.contains(e.code())) {
            throw e;
          }
        }
      }
    }
    return true;
  }

  /** The index, asked for each value, and the table must agree at one snapshot. */
  private void requireComplete(RelationalSession session) {
    session.begin();
    List<String> counted = new ArrayList<>();
    for (int n = 0; n < 7; n++) {
      String query = "SELECT n, count(*) FROM t WHERE n = " + n + " GROUP BY n";
      assertThat(SqlText.rows(session, "EXPLAIN " + query).toString()).contains("using i");
      counted.addAll(SqlText.rows(session, query));
    }
    assertThat(counted)
        .as("rows by the index and by the table, seed %d", seed)
        .isEqualTo(SqlText.rows(session, "SELECT n, count(*) FROM t GROUP BY n ORDER BY n"));
    session.rollback();
  }

  @Test
  void aSequenceGivesNoValueTwice() throws Exception {
    try (KeyValueStore store = new MemoryEngine().open("", StoreOptions.DEFAULT)) {
      RelationalEngine engine = new RelationalEngine(store, List.of(), List.of());
      try (RelationalSession session = engine.openSession()) {
        session.execute("CREATE SEQUENCE s").close();
      }
      Set<String> seen = ConcurrentHashMap.newKeySet();
      List<Callable<Boolean>> drawers = new ArrayList<>();
      for (int i = 0; i < WRITERS; i++) {
        drawers.add(
            () -> {
              try (RelationalSession session = engine.openSession()) {
                for (int j = 0; j < 500; j++) {
                  session.begin();
                  String value = SqlText.rows(session, "SELECT nextval('s')").get(0);
                  session.rollback();
                  assertThat(seen.add(value)).as("value %s was given out before", value).isTrue();
                }
              }
              return true;
            });
      }
      beside(drawers, () -> {});
      assertThat(seen).hasSize(WRITERS * 500).contains("1", "1500");
      RelationalEngine reopened = new RelationalEngine(store, List.of(), List.of());
      try (RelationalSession session = reopened.openSession()) {
        assertThat(SqlText.rows(session, "SELECT nextval('s') > 1500")).containsExactly("true");
      }
    }
  }
}
