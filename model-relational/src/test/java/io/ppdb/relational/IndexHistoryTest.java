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
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Indexes of all kinds, built while others write rows across the borders of their predicates.
 * {@code -Dppdb.seed=} replays the choices.
 */
final class IndexHistoryTest {
  private static final int WRITERS = 3;
  private static final int BUILDS = 4 * Integer.getInteger("ppdb.effort", 1);
  private static final int ROWS = 2500;
  private static final Set<ErrorCode> REFUSALS =
      Set.of(ErrorCode.CONFLICT, ErrorCode.UNIQUE_VIOLATION);

  private final long seed = Long.getLong("ppdb.seed", System.nanoTime());

  /** What an index is of, the rows it has entries of, and a condition that finds some of them. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "INDEX i ON t (n, s) WHERE n > 3 | n > 3 | n = 5 AND s = 'B'",
        "INDEX i ON t (n) INCLUDE (s, k) | true | n = 2",
        "INDEX i ON t (lower(s), n DESC) WHERE k | k | k AND lower(s) = 'a' AND n = 3",
        "INDEX i ON t ((n * 2 + 1)) | true | n * 2 + 1 = 7",
        "UNIQUE INDEX i ON t (n, id) INCLUDE (s) WHERE s <> 'A' | s <> 'A' | s = 'B' AND n = 3",
        "UNIQUE INDEX i ON t ((id + 1), n) NULLS NOT DISTINCT | true | id + 1 = 78"
      })
  void anIndexBuiltBesideWritersHasItsRows(String index, String rows, String condition)
      throws Exception {
    try (KeyValueStore store = new MemoryEngine().open("", StoreOptions.DEFAULT)) {
      RelationalEngine engine = new RelationalEngine(store, List.of(), List.of());
      ExecutorService threads = Executors.newFixedThreadPool(WRITERS);
      AtomicBoolean stop = new AtomicBoolean();
      try (RelationalSession session = engine.openSession()) {
        session.execute("CREATE TABLE t (id INT PRIMARY KEY, n INT, s TEXT, k BOOLEAN)").close();
        session
            .execute(
                "INSERT INTO t SELECT i, i % 7, 'a', i % 2 = 0 FROM generate_series(1, "
                    + ROWS
                    + ") AS g(i)")
            .close();
        List<Future<Boolean>> writers = new ArrayList<>();
        for (int i = 0; i < WRITERS; i++) {
          Random random = new Random(seed + i);
          writers.add(threads.submit(() -> change(engine, random, stop)));
        }
        for (int i = 0; i < BUILDS; i++) {
          session.execute("CREATE " + index).close();
          requireComplete(engine, session, rows, condition);
          session.execute("DROP INDEX i").close();
        }
        stop.set(true);
        for (Future<Boolean> writer : writers) {
          writer.get();
        }
      } finally {
        stop.set(true);
        threads.shutdownNow();
      }
    }
  }

  private static boolean change(RelationalEngine engine, Random random, AtomicBoolean stop) {
    try (RelationalSession session = engine.openSession()) {
      while (!stop.get()) {
        int id = random.nextInt(ROWS + 200);
        Integer n = random.nextInt(9) == 0 ? null : (Integer) random.nextInt(7);
        String s = List.of("a", "A", "B", "c").get(random.nextInt(4));
        try {
          switch (random.nextInt(5)) {
            case 0 -> session.execute("DELETE FROM t WHERE id = ?", id).close();
            case 1 -> session.execute("UPDATE t SET n = ? WHERE id = ?", n, id).close();
            case 2 -> session.execute("UPDATE t SET s = ?, k = NOT k WHERE id = ?", s, id).close();
            case 3 ->
                session
                    .execute("UPDATE t SET id = ? WHERE id = ?", random.nextInt(ROWS), id)
                    .close();
            default ->
                session.execute("INSERT INTO t VALUES (?, ?, ?, ?)", id, n, s, n == null).close();
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

  /**
   * At one snapshot: as many entries as rows, and a query by the index gives what one without does.
   */
  private void requireComplete(
      RelationalEngine engine, RelationalSession session, String rows, String condition) {
    session.begin();
    Transaction transaction = requireNonNull(session.transaction());
    TableDefinition table =
        (TableDefinition) requireNonNull(engine.catalog().findObject(transaction, "public", "t"));
    IndexDefinition index = requireNonNull(table.index("i"));
    assertThat(index.ready()).isTrue();
    String all = SqlText.rows(session, "SELECT count(*) FROM t WHERE " + rows).get(0);
    assertThat(entryCount(transaction, table, index))
        .as("entries, seed %d", seed)
        .isEqualTo(Integer.parseInt(all));
    String query = "SELECT id, n, s, k FROM t WHERE " + condition + " ORDER BY id";
    assertThat(SqlText.rows(session, "EXPLAIN " + query).toString()).contains("using i");
    // A condition that no index answers.
    String other = "SELECT id, n, s, k FROM (SELECT * FROM t LIMIT 99999) t WHERE " + condition;
    assertThat(SqlText.rows(session, "EXPLAIN " + other).toString()).contains("Seq Scan");
    assertThat(SqlText.rows(session, query))
        .as("rows by the index and by the table, seed %d", seed)
        .isEqualTo(SqlText.rows(session, other + " ORDER BY id"));
    session.rollback();
  }

  private static int entryCount(
      Transaction transaction, TableDefinition table, IndexDefinition index) {
    int count = 0;
    try (Cursor cursor =
        transaction.scan(
            new KeyWriter().addLong(table.id()).addLong(index.number()).toPrefixRange())) {
      while (cursor.next()) {
        count++;
      }
    }
    return count;
  }
}
