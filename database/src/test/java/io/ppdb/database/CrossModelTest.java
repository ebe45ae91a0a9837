package io.ppdb.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.PpdbException;
import io.ppdb.relational.PreparedSql;
import io.ppdb.relational.RelationalSession;
import io.ppdb.relational.StatementResult;
import io.ppdb.relational.exec.RowCursor;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
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
    return rows(session.execute(sql));
  }

  private static List<String> rows(StatementResult statement) {
    List<String> rows = new ArrayList<>();
    try (StatementResult result = statement) {
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

  private static String values(String key) {
    return "SELECT v FROM TABLE(gremlin('g.V().values(\"" + key + "\")')) AS g(v)";
  }

  private void addVertex(Object... keyValues) {
    database.transact(transaction -> transaction.graph().addVertex(keyValues));
  }

  @Test
  void aValueThatFitsTheTypeItWasPreparedWithIsConverted() {
    addVertex("n", 1, "ratio", 0.5);
    try (RelationalSession session = database.openSession()) {
      PreparedSql number = session.prepare(values("n"));
      PreparedSql ratio = session.prepare(values("ratio"));
      addVertex("n", 2L, "ratio", 3);
      addVertex("n", new BigInteger("7"), "ratio", new BigDecimal("0.25"));
      assertThat(rows(number.execute())).containsExactly("1", "2", "7");
      assertThat(rows(ratio.execute())).containsExactly("0.5", "3.0", "0.25");
    }
  }

  @Test
  void aValueThatDoesNotFitTheTypeItWasPreparedWithIsAnError() {
    Map<String, Object> firsts = new LinkedHashMap<>();
    Map<String, Object> misfits = new LinkedHashMap<>();
    firsts.put("bool", true);
    misfits.put("bool", 1);
    firsts.put("int", 1);
    misfits.put("int", 1L << 40);
    firsts.put("whole", 1);
    misfits.put("whole", 1.5);
    firsts.put("long", 1L);
    misfits.put("long", new BigInteger("99999999999999999999"));
    firsts.put("double", 1.5);
    misfits.put("double", "one");
    firsts.put("decimal", new BigDecimal("1.5"));
    misfits.put("decimal", Double.NaN);
    firsts.put("uuid", new UUID(1, 2));
    misfits.put("uuid", "1-2");
    firsts.put("bytes", new byte[] {1});
    misfits.put("bytes", "01");
    firsts.put("date", LocalDate.of(2001, 2, 3));
    misfits.put("date", "2001-02-03");
    firsts.put("moment", Instant.EPOCH);
    misfits.put("moment", Instant.MAX);
    for (Map.Entry<String, Object> first : firsts.entrySet()) {
      String key = first.getKey();
      addVertex(key, first.getValue());
      try (RelationalSession session = database.openSession()) {
        PreparedSql prepared = session.prepare(values(key));
        assertThat(rows(prepared.execute())).as(key).hasSize(1);
        addVertex(key, Objects.requireNonNull(misfits.get(key)));
        assertThatThrownBy(() -> rows(prepared.execute()))
            .as(key)
            .isInstanceOf(PpdbException.class)
            .hasMessageContaining("column \"" + key + "\" was ")
            .hasMessageContaining(String.valueOf(misfits.get(key)))
            .extracting(e -> ((PpdbException) e).code())
            .isEqualTo(ErrorCode.DATATYPE_MISMATCH);
      }
    }
  }

  @Test
  void whatAnElementLacksIsNullAndElementsAreTheirIds() {
    addVertex("code", "SEA", "id", "mine");
    addVertex("other", 1);
    assertThat(query("SELECT * FROM TABLE(gremlin('g.V().valueMap(\"code\")')) AS g(c)"))
        .containsExactly("SEA", "null");
    assertThat(query("SELECT * FROM TABLE(gremlin('g.V().project(\"c\").by(\"code\")')) AS g(c)"))
        .containsExactly("SEA", "null");
    assertThat(query("SELECT * FROM TABLE(gremlin('g.V().elementMap(\"id\")')) AS g(v, l, i)"))
        .containsExactly("1|vertex|mine", "2|vertex|null");
    assertThat(query("SELECT * FROM TABLE(gremlin('g.V()')) AS g(v)")).containsExactly("1", "2");
    assertThat(query("SELECT * FROM TABLE(gremlin('g.V().properties(\"code\").id()')) AS g(v)"))
        .containsExactly("1.0");
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
    for (String text :
        List.of(
            "g.addV()",
            "g.V().property(\"a\", 1)",
            "g.V().drop()",
            "g.V().sideEffect(__.addV())",
            "g.addV().iterate(); g.V().count()",
            "g.io(\"graph.json\").read()",
            "g.io(\"graph.json\").write().iterate()")) {
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
