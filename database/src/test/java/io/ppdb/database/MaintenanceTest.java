package io.ppdb.database;

import static org.assertj.core.api.Assertions.assertThat;

import io.ppdb.kv.Cursor;
import io.ppdb.kv.KeyRange;
import io.ppdb.kv.KeyValueStore;
import io.ppdb.kv.Snapshot;
import io.ppdb.kv.codec.KeyWriter;
import io.ppdb.relational.catalog.Catalog;
import io.ppdb.relational.spi.TableAccess;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class MaintenanceTest {
  private static final int STATEMENTS = 30;

  private final Database database = Database.openMemory("maintenance");
  private final Catalog catalog = database.shared().relational().catalog();
  private final List<String> reports = new ArrayList<>();
  private final Maintenance maintenance = maintenance(Duration.ofDays(1));

  @BeforeEach
  void create() {
    execute(
        "CREATE TABLE flights (departed_at TIMESTAMP NOT NULL, origin VARCHAR)"
            + " WITH (kind = 'timeseries', timestamp = 'departed_at', tags = 'origin')");
    execute("CREATE TABLE airports (code VARCHAR PRIMARY KEY)");
  }

  @AfterEach
  void close() {
    database.close();
  }

  @Test
  void segmentsThatStatementsLeaveAreMerged() {
    insert("flights");
    assertThat(segmentCount("flights")).isEqualTo(STATEMENTS);
    maintenance.pass();
    assertThat(segmentCount("flights")).isEqualTo(1);
    insert("flights");
    maintenance.pass();
    assertThat(segmentCount("flights")).isEqualTo(1);
    assertThat(reports).isEmpty();
  }

  @Test
  void aTableThatWasNotWrittenIsNotLookedAt() {
    AtomicInteger snapshotCount = new AtomicInteger();
    KeyValueStore store =
        (KeyValueStore)
            Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {KeyValueStore.class},
                (proxy, method, arguments) -> {
                  if (method.getName().equals("snapshot")) {
                    snapshotCount.incrementAndGet();
                  }
                  return method.invoke(database.store(), arguments);
                });
    Maintenance counted =
        new Maintenance(store, catalog, Duration.ofDays(1), (what, failure) -> {});
    insert("flights");
    counted.pass();
    counted.pass(); // sees what the first has written
    snapshotCount.set(0);
    counted.pass();
    assertThat(snapshotCount).as("only that of the catalog").hasValue(1);
    insert("flights");
    snapshotCount.set(0);
    counted.pass();
    assertThat(snapshotCount).hasValue(2);
  }

  @Test
  void theThreadWorksWhileOthersWriteAndEndsWithTheDatabase() {
    Thread thread;
    try (Maintenance running = maintenance(Duration.ofMillis(1))) {
      thread = running.start();
      for (int i = 0; i < 4; i++) {
        insert("flights");
      }
      long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
      while (segmentCount("flights") >= STATEMENTS) {
        assertThat(System.nanoTime()).isLessThan(deadline);
        LockSupport.parkNanos(1_000_000);
      }
    }
    assertThat(thread.isAlive()).isFalse();
    assertThat(reports).isEmpty();
    try (var session = database.openSession();
        var result = session.execute("SELECT count(*) FROM flights")) {
      var rows = result.rows();
      assertThat(rows.next()).isTrue();
      assertThat(rows.getObject(0)).isEqualTo(4L * STATEMENTS);
    }
  }

  @Test
  void aDamagedTableIsReportedOnceAndDoesNotStopTheOthers() {
    execute(
        "CREATE TABLE readings (seen_at TIMESTAMP) WITH (kind = 'timeseries', timestamp ="
            + " 'seen_at')");
    insert("flights");
    byte[] key =
        new KeyWriter().addLong(id("flights")).addLong(1).addLong(9).addLong(9).toByteArray();
    database.transact(
        transaction -> {
          transaction.keys().put(key, new byte[] {1, 2, 3});
          return null;
        });
    insert("readings");
    maintenance.pass();
    maintenance.pass();
    assertThat(reports).singleElement().asString().startsWith("table flights: ");
    assertThat(segmentCount("readings")).isEqualTo(1);

    database.transact(
        transaction -> {
          transaction.keys().delete(key);
          return null;
        });
    maintenance.pass();
    assertThat(reports).hasSize(1);
    assertThat(segmentCount("flights")).isEqualTo(1);
  }

  @Test
  void aDroppedTableIsForgotten() {
    insert("flights");
    maintenance.pass();
    execute("DROP TABLE flights");
    maintenance.pass();
    assertThat(reports).isEmpty();
  }

  private Maintenance maintenance(Duration period) {
    return new Maintenance(
        database.store(),
        catalog,
        period,
        (what, failure) -> reports.add(what + ": " + failure.getMessage()));
  }

  private void insert(String table) {
    String columns = table.equals("flights") ? ", 'SEA'" : "";
    for (int i = 0; i < STATEMENTS; i++) {
      execute(
          "INSERT INTO "
              + table
              + " VALUES (TIMESTAMP '2001-02-03 10:00:"
              + (10 + i)
              + "'"
              + columns
              + ")");
    }
  }

  private void execute(String sql) {
    try (var session = database.openSession()) {
      session.execute(sql).close();
    }
  }

  private long id(String table) {
    try (Snapshot snapshot = database.store().snapshot()) {
      TableAccess access =
          Objects.requireNonNull(catalog.findTable(snapshot, Catalog.DEFAULT_SCHEMA, table));
      return access.table().id();
    }
  }

  private int segmentCount(String table) {
    KeyRange range = new KeyWriter().addLong(id(table)).addLong(1).toPrefixRange();
    int count = 0;
    try (Snapshot snapshot = database.store().snapshot();
        Cursor cursor = snapshot.scan(range)) {
      while (cursor.next()) {
        count++;
      }
    }
    return count;
  }
}
