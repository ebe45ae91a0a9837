package io.ppdb.relational;

import static org.assertj.core.api.Assertions.assertThat;

import io.ppdb.kv.KeyValueStore;
import io.ppdb.kv.StoreOptions;
import io.ppdb.kv.memory.MemoryEngine;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class StatisticsRefreshTest {
  private static final String COUNT =
      "SELECT n_distinct FROM information_schema.column_statistics"
          + " WHERE table_name = 't' AND column_name = 'k'";

  private final KeyValueStore store = new MemoryEngine().open("", StoreOptions.DEFAULT);
  private final RelationalEngine engine = new RelationalEngine(store, List.of(), List.of());
  private final RelationalSession session = engine.openSession();
  private final StatisticsRefresh refresh = new StatisticsRefresh(engine.catalog());
  private final List<String> reports = new ArrayList<>();

  @BeforeEach
  void create() {
    session.execute("CREATE TABLE t (id INTEGER PRIMARY KEY, k INTEGER, v INTEGER)");
    session.execute("CREATE TABLE other (id INTEGER PRIMARY KEY, k INTEGER)");
    session.execute("CREATE INDEX t_k ON t (k)");
  }

  @AfterEach
  void close() {
    session.close();
    store.close();
  }

  private void insert(int from, int to, String k) {
    session.execute(
        "INSERT INTO t SELECT n, "
            + k
            + ", 0 FROM TABLE(generate_series("
            + from
            + ", "
            + to
            + ")) AS s (n)");
  }

  private void pass() {
    refresh.pass(() -> true, (table, failure) -> reports.add(table + failure));
    assertThat(reports).isEmpty();
  }

  @Test
  void tablesAreLookedAtWhenMuchHasChanged() {
    insert(1, 499, "1");
    pass();
    assertThat(SqlText.rows(session, COUNT)).as("a small table").isEmpty();
    insert(500, 1000, "n % 10");
    pass();
    assertThat(SqlText.rows(session, COUNT)).containsExactly("10");
    session.execute("UPDATE t SET k = id WHERE id < 500");
    pass();
    assertThat(SqlText.rows(session, COUNT)).as("few changes").containsExactly("10");
    session.execute("UPDATE t SET k = id WHERE id BETWEEN 500 AND 510");
    pass();
    assertThat(SqlText.rows(session, COUNT)).containsExactly("511");
    pass();
    session.execute("DELETE FROM t WHERE id > 300");
    pass();
    assertThat(SqlText.rows(session, COUNT)).containsExactly("300");
  }

  @Test
  void rowsThatAreOnlyChangedAreLookedAtMoreAndMoreSeldom() {
    insert(1, 1000, "1");
    pass();
    int storeCount = engine.catalog().statistics().storeCount();
    int lookCount = 0;
    for (int i = 0; i < 64; i++) {
      session.execute("UPDATE t SET k = k + 1");
      pass();
      int now = engine.catalog().statistics().storeCount();
      lookCount += now == storeCount ? 0 : 1;
      storeCount = now;
    }
    // This engine takes old versions for rows, so now and then the table seems to have grown.
    assertThat(lookCount).isBetween(3, 32);
  }

  @Test
  void whatWasStoredBeforeIsTakenForTrueUntilMuchHasChanged() {
    insert(1, 1000, "n % 10");
    session.execute("ANALYZE");
    session.execute("UPDATE t SET k = 3 WHERE id < 100");
    new StatisticsRefresh(engine.catalog()).pass(() -> true, (table, failure) -> {});
    assertThat(SqlText.rows(session, COUNT)).containsExactly("10");
  }

  @Test
  void workEndsWhenAsked() {
    insert(1, 5000, "n");
    int[] left = {3};
    refresh.pass(() -> left[0]-- > 0, (table, failure) -> reports.add(table + failure));
    assertThat(SqlText.rows(session, COUNT)).isEmpty();
    assertThat(reports).isEmpty();
  }

  @Test
  void aDroppedTableLeavesNothing() {
    insert(1, 1000, "n");
    pass();
    insert(1001, 2000, "n");
    session.execute("DROP TABLE t");
    pass();
    assertThat(SqlText.rows(session, "SELECT * FROM information_schema.column_statistics"))
        .isEmpty();
    assertThat(engine.catalog().statistics().wanted())
        .noneMatch(table -> table.table().name().equals("t"));
  }

  @Test
  void plansFollowStatistics() {
    // By the square root of their number, a value of k has 70 of 5,000 rows; in truth it has one.
    insert(1, 5000, "n");
    session.execute("INSERT INTO other SELECT n, n FROM TABLE(generate_series(1, 40)) AS s (n)");
    String query = "SELECT count(*), max(t.v) FROM other o JOIN t ON t.k = o.k";
    assertThat(plan(query)).contains("Hash Join");
    pass();
    assertThat(plan(query)).contains("Lookup Join").contains("t_k");
    session.execute("UPDATE t SET k = id % 2");
    pass();
    assertThat(plan(query)).contains("Hash Join");
  }

  private String plan(String query) {
    return String.join("\n", SqlText.rows(session, "EXPLAIN " + query));
  }
}
