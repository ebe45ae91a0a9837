package io.ppdb.database;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CrossModelTest {
  private final Database database = Database.openMemory("cross");

  @AfterEach
  void close() {
    database.close();
  }

  private static void write(Transaction transaction) {
    transaction.kv().put("k".getBytes(UTF_8), "v".getBytes(UTF_8));
    transaction.graph().traversal().addV("airport").property("code", "SEA").iterate();
  }

  private String read() {
    try (Transaction transaction = database.begin()) {
      return (transaction.kv().get("k".getBytes(UTF_8)) == null ? "" : "key ")
          + transaction.graph().traversal().V().hasLabel("airport").values("code").toList();
    }
  }

  @Test
  void whatAllModelsWroteIsThereAfterCommit() {
    try (Transaction transaction = database.begin()) {
      write(transaction);
      assertThat(read()).isEqualTo("[]");
      transaction.commit();
    }
    assertThat(read()).isEqualTo("key [SEA]");
  }

  @Test
  void whatAllModelsWroteIsGoneAfterRollback() {
    try (Transaction transaction = database.begin()) {
      write(transaction);
    }
    assertThat(read()).isEqualTo("[]");
  }
}
