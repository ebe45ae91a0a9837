package io.ppdb.relational;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.ppdb.kv.Cursor;
import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.KeyValueStore;
import io.ppdb.kv.PpdbException;
import io.ppdb.kv.StoreOptions;
import io.ppdb.kv.Transaction;
import io.ppdb.kv.codec.KeyWriter;
import io.ppdb.kv.memory.MemoryEngine;
import io.ppdb.relational.catalog.IndexDefinition;
import io.ppdb.relational.catalog.TableDefinition;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/**
 * Three threads write rows, each its own ones, of which it knows what they should be, while another
 * one changes the table in every way there is. Nobody sees anything but the right rows, 40001 or a
 * clear error, and in the end table, indexes and constraints agree. {@code -Dppdb.seed=} replays
 * the choices.
 */
final class SchemaChurnTest {
  private static final int WRITERS = 3;
  private static final int CHANGES = 200 * Integer.getInteger("ppdb.effort", 1);
  private static final int IDS = 100;

  /** Between the statements of a writer: changes that write all rows anew have to come through. */
  private static final long PAUSE_NANOS = 1_000_000;

  private static final Set<ErrorCode> WRITER_ERRORS =
      Set.of(
          ErrorCode.CONFLICT,
          ErrorCode.UNIQUE_VIOLATION,
          ErrorCode.CHECK_VIOLATION,
          ErrorCode.UNDEFINED_COLUMN);

  private static final Set<ErrorCode> CHANGE_ERRORS =
      Set.of(
          ErrorCode.CONFLICT,
          ErrorCode.UNIQUE_VIOLATION,
          ErrorCode.CHECK_VIOLATION,
          ErrorCode.UNDEFINED_COLUMN,
          ErrorCode.UNDEFINED_OBJECT,
          ErrorCode.DUPLICATE_COLUMN,
          ErrorCode.DUPLICATE_OBJECT,
          ErrorCode.INVALID_DEFINITION);

  private static final List<String> ACTIONS =
      List.of(
          "ALTER TABLE t ADD COLUMN e INT DEFAULT 7",
          "ALTER TABLE t ADD COLUMN e SERIAL",
          "ALTER TABLE t ADD COLUMN e INT GENERATED ALWAYS AS (id + 1) STORED",
          "ALTER TABLE t DROP COLUMN IF EXISTS e",
          "ALTER TABLE t ALTER n TYPE BIGINT",
          "ALTER TABLE t ALTER n TYPE NUMERIC(9,2)",
          "ALTER TABLE t ALTER n TYPE INTEGER, ALTER s TYPE VARCHAR(40)",
          "ALTER TABLE t ALTER s TYPE TEXT",
          "ALTER TABLE t DROP CONSTRAINT IF EXISTS t_pkey",
          "ALTER TABLE t ADD PRIMARY KEY (id)",
          "ALTER TABLE t ADD CONSTRAINT c CHECK (n >= 0)",
          "ALTER TABLE t ADD CONSTRAINT c CHECK (n >= 10)",
          "ALTER TABLE t DROP CONSTRAINT IF EXISTS c",
          "ALTER TABLE t ALTER n SET NOT NULL",
          "ALTER TABLE t ALTER n DROP NOT NULL",
          "ALTER TABLE t RENAME COLUMN s TO r",
          "ALTER TABLE t RENAME COLUMN r TO s",
          "ALTER TABLE t ADD CONSTRAINT u UNIQUE (id, n)",
          "ALTER TABLE t DROP CONSTRAINT IF EXISTS u",
          "CREATE INDEX IF NOT EXISTS i ON t (n) INCLUDE (id)",
          "DROP INDEX IF EXISTS i",
          "CREATE INDEX IF NOT EXISTS j ON t ((id + n) DESC) WHERE n > 5",
          "DROP INDEX IF EXISTS j");

  private final long seed = Long.getLong("ppdb.seed", System.nanoTime());

  @Test
  void rowsSurviveEveryChangeOfTheirTable() throws Exception {
    try (KeyValueStore store = new MemoryEngine().open("", StoreOptions.DEFAULT)) {
      RelationalEngine engine = new RelationalEngine(store, List.of(), List.of());
      ExecutorService threads = Executors.newFixedThreadPool(WRITERS);
      AtomicBoolean stop = new AtomicBoolean();
      try (RelationalSession session = engine.openSession()) {
        session.execute("CREATE TABLE t (id INT PRIMARY KEY, n INT, s TEXT)").close();
        List<Future<Map<Integer, Integer>>> writers = new ArrayList<>();
        for (int i = 0; i < WRITERS; i++) {
          Writer writer = new Writer(engine, i, new Random(seed + i), seed);
          writers.add(threads.submit(() -> writer.run(stop)));
        }
        Random random = new Random(seed - 1);
        int done = 0;
        for (int i = 0; i < CHANGES; i++) {
          done += change(session, ACTIONS.get(random.nextInt(ACTIONS.size()))) ? 1 : 0;
        }
        stop.set(true);
        Map<Integer, Integer> expected = new TreeMap<>();
        for (Future<Map<Integer, Integer>> writer : writers) {
          expected.putAll(writer.get());
        }
        assertThat(done).as("changes made, seed %d", seed).isGreaterThan(CHANGES / 10);
        requireAgreement(engine, session, expected);
      } finally {
        stop.set(true);
        threads.shutdownNow();
      }
    }
  }

  private boolean change(RelationalSession session, String sql) {
    try {
      session.execute(sql).close();
      return true;
    } catch (PpdbException e) {
      if (!CHANGE_ERRORS.contains(e.code())) {
        throw new AssertionError(sql + ", seed " + seed, e);
      }
      return false;
    }
  }

  /** A thread's rows, as they should be. */
  private static final class Writer {
    private final RelationalEngine engine;
    private final int number;
    private final Random random;
    private final long seed;
    private final Map<Integer, Integer> rows = new TreeMap<>();

    Writer(RelationalEngine engine, int number, Random random, long seed) {
      this.engine = engine;
      this.number = number;
      this.random = random;
      this.seed = seed;
    }

    Map<Integer, Integer> run(AtomicBoolean stop) {
      try (RelationalSession session = engine.openSession()) {
        while (!stop.get()) {
          int id = random.nextInt(IDS) * WRITERS + number;
          try {
            write(session, id, random.nextInt(30));
            check(session, id);
          } catch (PpdbException e) {
            if (!WRITER_ERRORS.contains(e.code())) {
              throw new AssertionError("seed " + seed + ": " + e, e);
            }
          }
          LockSupport.parkNanos(PAUSE_NANOS);
        }
      }
      return rows;
    }

    private void write(RelationalSession session, int id, int n) {
      if (!rows.containsKey(id)) {
        session.execute("INSERT INTO t (id, n, s) VALUES (?, ?, ?)", id, n, "s" + id).close();
        rows.put(id, n);
      } else if (random.nextInt(3) == 0) {
        session.execute("DELETE FROM t WHERE id = ?", id).close();
        rows.remove(id);
      } else {
        session.execute("UPDATE t SET n = ? WHERE id = ?", n, id).close();
        rows.put(id, n);
      }
    }

    private void check(RelationalSession session, int id) {
      Integer n = rows.get(id);
      List<String> seen = SqlText.rows(session, "SELECT CAST(n AS INT) FROM t WHERE id = " + id);
      assertThat(seen)
          .as("row %d, seed %d", id, seed)
          .isEqualTo(n == null ? List.of() : List.of(n.toString()));
      if (n != null && n > 5) {
        String query = "SELECT id FROM t WHERE n > 5 AND id + n = " + (id + n) + " AND id = " + id;
        assertThat(SqlText.rows(session, query))
            .as("row %d by its sum, seed %d", id, seed)
            .containsExactly(String.valueOf(id));
      }
    }
  }

  private void requireAgreement(
      RelationalEngine engine, RelationalSession session, Map<Integer, Integer> expected) {
    List<String> rows =
        expected.entrySet().stream().map(row -> row.getKey() + "|" + row.getValue()).toList();
    assertThat(SqlText.rows(session, "SELECT id, CAST(n AS INT) FROM t ORDER BY id"))
        .as("rows, seed %d", seed)
        .isEqualTo(rows);
    session.begin();
    Transaction transaction = requireNonNull(session.transaction());
    TableDefinition table =
        (TableDefinition) requireNonNull(engine.catalog().findObject(transaction, "public", "t"));
    long withSum = expected.values().stream().filter(n -> n > 5).count();
    for (IndexDefinition index : table.indexes()) {
      assertThat(index.ready()).isTrue();
      assertThat(count(transaction, table, index.number()))
          .as("entries of %s, seed %d", index.name(), seed)
          .isEqualTo(index.predicate() == null ? expected.size() : withSum);
    }
    assertThat(count(transaction, table, table.rowsNumber())).isEqualTo(expected.size());
    session.rollback();
  }

  private static long count(Transaction transaction, TableDefinition table, int number) {
    long count = 0;
    try (Cursor cursor =
        transaction.scan(new KeyWriter().addLong(table.id()).addLong(number).toPrefixRange())) {
      while (cursor.next()) {
        count++;
      }
    }
    return count;
  }
}
