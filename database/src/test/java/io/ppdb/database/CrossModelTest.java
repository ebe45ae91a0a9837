package io.ppdb.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.PpdbException;
import io.ppdb.relational.RelationalSession;
import io.ppdb.relational.StatementResult;
import io.ppdb.relational.exec.RowCursor;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class CrossModelTest {
  private final Database database = Database.openMemory("cross");

  @BeforeEach
  void define() {
    AllModels.define(database);
  }

  @AfterEach
  void close() {
    database.close();
  }

  private static List<String> rows(RelationalSession session, String sql) {
    List<String> rows = new ArrayList<>();
    try (StatementResult result = session.execute(sql)) {
      RowCursor cursor = result.rows();
      while (cursor.next()) {
        List<String> row = new ArrayList<>();
        for (int i = 0; i < result.columns().size(); i++) {
          row.add(String.valueOf(cursor.getObject(i)));
        }
        rows.add(String.join("|", row));
      }
    }
    return rows;
  }

  private List<String> query(String sql) {
    try (RelationalSession session = database.openSession()) {
      return rows(session, sql);
    }
  }

  @Test
  void whatAllModelsWroteIsThereAfterCommit() {
    try (Transaction transaction = database.begin()) {
      AllModels.write(transaction);
      assertThat(AllModels.present(database)).isEmpty();
      transaction.commit();
    }
    assertThat(AllModels.present(database)).isEqualTo(AllModels.ALL);
  }

  @Test
  void aSavepointOfSqlTakesBackWhatTheGraphWrote() {
    try (Transaction transaction = database.begin()) {
      transaction.graph().addVertex("kept");
      transaction.sql().execute("SAVEPOINT before").close();
      transaction.graph().addVertex("dropped").property("name", "x");
      assertThat(transaction.graph().traversal().V().label().toList())
          .containsExactly("kept", "dropped");
      transaction.sql().execute("ROLLBACK TO SAVEPOINT before").close();
      assertThat(transaction.graph().traversal().V().label().toList()).containsExactly("kept");
      transaction.commit();
    }
    assertThat(query("SELECT * FROM TABLE(gremlin('g.V().label()')) AS g(label)"))
        .containsExactly("kept");
  }

  @Test
  void whatAllModelsWroteIsGoneAfterRollback() {
    try (Transaction transaction = database.begin()) {
      AllModels.write(transaction);
      transaction.rollback();
    }
    try (Transaction transaction = database.begin()) {
      AllModels.write(transaction);
    }
    assertThat(AllModels.present(database)).isEmpty();
  }

  @Test
  void aConcurrentReaderSeesAllModelsOrNone() throws InterruptedException {
    AtomicReference<List<String>> torn = new AtomicReference<>(List.of());
    AtomicBoolean stop = new AtomicBoolean();
    Thread reader =
        new Thread(
            () -> {
              while (!stop.get()) {
                List<String> present = AllModels.present(database);
                if (!present.isEmpty() && !present.equals(AllModels.ALL)) {
                  torn.set(present);
                }
              }
            });
    reader.start();
    for (int round = 0; round < 20; round++) {
      try (Transaction transaction = database.begin()) {
        AllModels.write(transaction);
        transaction.commit();
      }
      try (Transaction transaction = database.begin()) {
        AllModels.remove(transaction);
        transaction.commit();
      }
    }
    stop.set(true);
    reader.join();
    assertThat(torn.get()).isEmpty();
    assertThat(AllModels.present(database)).isEmpty();
  }

  @Test
  void sqlJoinsATraversalWithTablesAndSeries() {
    database.transact(
        transaction -> {
          AllModels.write(transaction);
          return null;
        });
    assertThat(
            query(
                "SELECT a.code, count(*) AS flights"
                    + " FROM TABLE(gremlin('g.V().hasLabel(\"airport\").values(\"code\")'))"
                    + " AS near(code) JOIN airports a ON a.code = near.code"
                    + " JOIN flights f ON f.origin = a.code GROUP BY a.code"))
        .containsExactly("SEA|1");
  }

  @Test
  void aTraversalInSqlSeesWhatItsTransactionWrote() {
    String sql = "SELECT c FROM TABLE(gremlin('g.V().count()')) AS t(c)";
    try (Transaction transaction = database.begin()) {
      AllModels.write(transaction);
      assertThat(rows(transaction.sql(), sql)).containsExactly("2");
      assertThat(query(sql)).containsExactly("0");
    }
  }

  @Test
  void columnsOfATraversalHaveTheTypesOfItsProperties() {
    database.transact(
        transaction -> {
          AllModels.write(transaction);
          return null;
        });
    assertThat(
            query(
                "SELECT dist + 1, code || '!' FROM TABLE(gremlin('g.E().project(\"dist\",\"code\")"
                    + ".by(\"dist\").by(__.inV().values(\"code\"))'))"))
        .containsExactly("4001|BOS!");
  }

  @Test
  void aManyRowTraversalStreamsThroughSeveralBatches() {
    database.transact(
        transaction -> {
          var g = transaction.graph().traversal();
          for (int i = 0; i < 5000; i++) {
            g.addV("n").property("i", i).iterate();
          }
          return null;
        });
    assertThat(
            query(
                "SELECT count(*), sum(i) FROM TABLE(gremlin('g.V().hasLabel(\"n\")"
                    + ".values(\"i\")')) AS n(i)"))
        .containsExactly("5000|12497500");
  }

  @Test
  void errorsOfTheTraversalAreErrorsOfTheStatement() {
    assertThatThrownBy(() -> query("SELECT * FROM TABLE(gremlin('g.V().nonsense('))"))
        .isInstanceOf(PpdbException.class)
        .hasMessageContaining("Gremlin, line 1, column")
        .extracting(e -> ((PpdbException) e).code())
        .isEqualTo(ErrorCode.SYNTAX_ERROR);
    assertThatThrownBy(() -> query("SELECT * FROM TABLE(gremlin(CAST(NULL AS VARCHAR)))"))
        .isInstanceOf(PpdbException.class)
        .hasMessageContaining("literal");
  }

  @Test
  void aTraversalWithinSqlCannotWrite() {
    for (String text : new String[] {"g.addV()", "g.V().property(\"a\", 1)", "g.V().drop()"}) {
      assertThatThrownBy(() -> query("SELECT * FROM TABLE(gremlin('" + text + "'))"))
          .as(text)
          .isInstanceOf(PpdbException.class)
          .hasMessageContaining("can only read");
    }
  }

  @Test
  void aFailedStatementLeavesTheOtherModelsWritesAlone() {
    try (Transaction transaction = database.begin()) {
      AllModels.write(transaction);
      assertThatThrownBy(
              () -> transaction.sql().execute("INSERT INTO airports VALUES (2, 'X'), (3, 'SEA')"))
          .isInstanceOf(PpdbException.class);
      transaction.commit();
    }
    assertThat(AllModels.present(database)).isEqualTo(AllModels.ALL);
  }

  @Test
  void aWriterNeedsATimeSeriesTable() {
    try (Transaction transaction = database.begin()) {
      assertThatThrownBy(() -> transaction.timeseries().writer("airports"))
          .hasMessageContaining("of kind row");
      assertThatThrownBy(() -> transaction.timeseries().writer("nowhere"))
          .hasMessageContaining("does not exist");
    }
  }
}
