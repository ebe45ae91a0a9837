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
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/**
 * Several sessions write parents and children at random, in transactions with savepoints: whatever
 * their order, no child is without its parent. {@code -Dppdb.seed=} replays the choices.
 */
final class ForeignKeyHistoryTest {
  private static final int THREADS = 4;
  private static final int OVERLAPPING = 3;
  private static final int STEPS = 1000 * Integer.getInteger("ppdb.effort", 1);
  private static final int PARENTS = 6;

  private final long seed = Long.getLong("ppdb.seed", System.nanoTime());
  private final AtomicInteger committed = new AtomicInteger();
  private final AtomicInteger conflicts = new AtomicInteger();
  private final AtomicInteger violations = new AtomicInteger();

  @Test
  void noHistoryLeavesAChildWithoutItsParent() throws Exception {
    try (KeyValueStore store = new MemoryEngine().open("", StoreOptions.DEFAULT)) {
      RelationalEngine engine = new RelationalEngine(store, List.of(), List.of());
      try (RelationalSession session = engine.openSession()) {
        session.execute("CREATE TABLE parents (id INT PRIMARY KEY, code INT UNIQUE)").close();
        child(session, "cascading", "id", "ON DELETE CASCADE ON UPDATE CASCADE");
        child(session, "restricting", "id", "ON DELETE RESTRICT ON UPDATE NO ACTION");
        child(session, "nulled", "code", "ON DELETE SET NULL ON UPDATE CASCADE");
        session.execute("CREATE INDEX ON cascading (parent)").close();
      }
      ExecutorService threads = Executors.newFixedThreadPool(THREADS);
      try {
        List<Future<?>> running = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
          Random random = new Random(seed + i);
          running.add(threads.submit(() -> run(engine, random)));
        }
        for (Future<?> thread : running) {
          thread.get();
        }
      } finally {
        threads.shutdownNow();
      }
      assertThat(committed.get()).as("commits, seed %d", seed).isGreaterThan(STEPS / 10);
      assertThat(conflicts.get()).as("conflicts, seed %d", seed).isPositive();
      assertThat(violations.get()).as("violations, seed %d", seed).isPositive();
      requireNoOrphans(engine);
    }
  }

  private static void child(RelationalSession session, String name, String key, String actions) {
    String columns = "id INT PRIMARY KEY, parent INT REFERENCES parents (" + key + ") ";
    session.execute("CREATE TABLE " + name + " (" + columns + actions + ")").close();
  }

  /** Runs several transactions at a time, step by step in turn, so that they overlap. */
  private void run(RelationalEngine engine, Random random) {
    List<RelationalSession> open = new ArrayList<>();
    try {
      for (int i = 0; i < OVERLAPPING; i++) {
        open.add(engine.openSession());
      }
      for (int step = 0; step < STEPS; step++) {
        RelationalSession session = open.get(random.nextInt(OVERLAPPING));
        try {
          step(session, random);
        } catch (PpdbException e) {
          if (e.code() != ErrorCode.CONFLICT && e.code() != ErrorCode.TRANSACTION_ABORTED) {
            throw e;
          }
          conflicts.incrementAndGet();
          session.rollback();
        }
        if (random.nextInt(100) == 0) {
          requireNoOrphans(engine);
        }
      }
    } finally {
      open.forEach(RelationalSession::close);
    }
  }

  private void step(RelationalSession session, Random random) {
    if (!session.isInTransaction()) {
      session.begin();
    }
    boolean takenBack = random.nextInt(6) == 0;
    if (takenBack) {
      session.setSavepoint("s");
    }
    statement(session, random);
    if (takenBack) {
      session.rollbackTo("s");
    }
    if (random.nextInt(3) == 0) {
      session.commit();
      committed.incrementAndGet();
    }
  }

  private void statement(RelationalSession session, Random random) {
    int parent = random.nextInt(PARENTS);
    int id = random.nextInt(40);
    String child = List.of("cascading", "restricting", "nulled").get(random.nextInt(3));
    String sql =
        switch (random.nextInt(10)) {
          case 0, 1 -> "DELETE FROM parents WHERE id = " + parent;
          case 2, 3 ->
              "INSERT INTO parents VALUES ("
                  + parent
                  + ", "
                  + random.nextInt(PARENTS)
                  + ") ON CONFLICT DO NOTHING";
          case 4 ->
              "UPDATE parents SET code = " + random.nextInt(PARENTS) + " WHERE id = " + parent;
          case 5 -> "UPDATE parents SET id = " + random.nextInt(PARENTS) + " WHERE id = " + parent;
          case 6 -> "DELETE FROM " + child + " WHERE id = " + id;
          case 7 -> "UPDATE " + child + " SET parent = " + parent + " WHERE id = " + id;
          default ->
              "INSERT INTO "
                  + child
                  + " VALUES ("
                  + id
                  + ", "
                  + parent
                  + ") ON CONFLICT DO NOTHING";
        };
    try {
      session.execute(sql).close();
    } catch (PpdbException e) {
      if (e.code() != ErrorCode.FOREIGN_KEY_VIOLATION && e.code() != ErrorCode.UNIQUE_VIOLATION) {
        throw e;
      }
      violations.incrementAndGet();
    }
  }

  private void requireNoOrphans(RelationalEngine engine) {
    try (RelationalSession session = engine.openSession()) {
      assertThat(
              SqlText.rows(
                  session,
                  "SELECT 'cascading', id, parent FROM cascading WHERE parent NOT IN (SELECT id"
                      + " FROM parents) UNION ALL SELECT 'restricting', id, parent FROM restricting"
                      + " WHERE parent NOT IN (SELECT id FROM parents) UNION ALL SELECT 'nulled',"
                      + " id, parent FROM nulled c WHERE parent IS NOT NULL AND NOT EXISTS (SELECT"
                      + " 1 FROM parents p WHERE p.code = c.parent)"))
          .as("orphans, seed %d", seed)
          .isEmpty();
    }
  }
}
