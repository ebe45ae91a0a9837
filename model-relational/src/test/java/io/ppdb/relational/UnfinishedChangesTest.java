package io.ppdb.relational;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.KeyValueStore;
import io.ppdb.kv.PpdbException;
import io.ppdb.kv.Snapshot;
import io.ppdb.kv.StoreOptions;
import io.ppdb.kv.memory.MemoryEngine;
import io.ppdb.relational.catalog.Catalog;
import io.ppdb.relational.catalog.CheckDefinition;
import io.ppdb.relational.catalog.IndexDefinition;
import io.ppdb.relational.catalog.TableDefinition;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** Schema changes of several transactions that end before their last. */
final class UnfinishedChangesTest {
  private static final int PATIENCE_SECONDS = 30;

  private static TableDefinition table(Catalog catalog, KeyValueStore store) {
    try (Snapshot snapshot = store.snapshot()) {
      return (TableDefinition) requireNonNull(catalog.findObject(snapshot, "public", "t"));
    }
  }

  /** Changes the table as a process would that ends at once. */
  private static void change(RelationalEngine engine, UnaryOperator<TableDefinition> definition) {
    engine
        .store()
        .transact(
            transaction ->
                engine
                    .catalog()
                    .replace(
                        transaction, definition.apply(table(engine.catalog(), engine.store()))));
  }

  @Test
  void whatAProcessHasBegunIsTakenBackWhenTheStoreIsOpenedAgain() {
    try (KeyValueStore store = new MemoryEngine().open("", StoreOptions.DEFAULT)) {
      RelationalEngine died = new RelationalEngine(store, List.of(), List.of());
      try (RelationalSession session = died.openSession()) {
        session.execute("CREATE TABLE t (id INT PRIMARY KEY, n INT)").close();
        session.execute("CREATE INDEX kept ON t (n)").close();
        session.execute("INSERT INTO t VALUES (1, 1), (2, 1)").close();
      }
      TableDefinition before = table(died.catalog(), store);
      IndexDefinition index =
          new IndexDefinition(
              before.nextIndexNumber(),
              "half",
              true,
              false,
              false,
              List.of(new IndexDefinition.Column(1, false)));
      change(died, table -> table.withIndex(index));
      CheckDefinition check = new CheckDefinition("looking", "n > 100");
      change(
          died,
          table ->
              table.withConstraints(table.constraints().withCheck(check).withPending("looking")));
      try (Snapshot snapshot = store.snapshot()) {
        assertThat(died.catalog().unfinished(snapshot)).containsExactly(before.id());
      }

      RelationalEngine opened = new RelationalEngine(store, List.of(), List.of());
      opened.takeBackUnfinishedChanges();
      TableDefinition after = table(opened.catalog(), store);
      assertThat(after.indexes()).isEqualTo(before.indexes());
      assertThat(after.constraints()).isEqualTo(before.constraints());
      try (Snapshot snapshot = store.snapshot()) {
        assertThat(opened.catalog().unfinished(snapshot)).isEmpty();
      }
      try (RelationalSession session = opened.openSession()) {
        session.execute("INSERT INTO t VALUES (3, 1)").close();
        session.execute("CREATE INDEX half ON t (n)").close();
        session.execute("ALTER TABLE t ADD CONSTRAINT looking CHECK (n > 0)").close();
        assertThatThrownBy(() -> session.execute("ALTER TABLE t ADD CONSTRAINT c CHECK (n > 1)"))
            .isInstanceOf(PpdbException.class);
      }
      try (Snapshot snapshot = store.snapshot()) {
        assertThat(opened.catalog().unfinished(snapshot)).isEmpty();
      }
    }
  }

  @Test
  void aBuildThatIsCancelledLeavesNothingBehind() throws Exception {
    try (KeyValueStore store = new MemoryEngine().open("", StoreOptions.DEFAULT)) {
      RelationalEngine engine = new RelationalEngine(store, List.of(), List.of());
      try (RelationalSession session = engine.openSession()) {
        session.execute("CREATE TABLE t (id INT PRIMARY KEY, n INT)").close();
        session
            .execute("INSERT INTO t SELECT i, i % 10 FROM generate_series(1, 150000) AS g(i)")
            .close();
        PreparedSql create = session.prepare("CREATE INDEX i ON t ((n + id), n) WHERE n <> 3");
        CompletableFuture<Void> building =
            CompletableFuture.runAsync(() -> create.execute().close());
        while (table(engine.catalog(), store).indexes().isEmpty() && !building.isDone()) {
          Thread.onSpinWait();
        }
        create.cancel();
        assertThatThrownBy(() -> building.get(PATIENCE_SECONDS, TimeUnit.SECONDS))
            .hasCauseInstanceOf(PpdbException.class)
            .cause()
            .isInstanceOfSatisfying(
                PpdbException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CANCELLED));
        assertThat(table(engine.catalog(), store).indexes()).isEmpty();
        try (Snapshot snapshot = store.snapshot()) {
          assertThat(engine.catalog().unfinished(snapshot)).isEmpty();
        }
        session.execute("CREATE INDEX i ON t (n)").close();
      }
    }
  }
}
