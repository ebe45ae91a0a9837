package io.ppdb.database;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.ppdb.graph.GraphIndex;
import io.ppdb.relational.RelationalSession;
import io.ppdb.relational.StatementResult;
import io.ppdb.relational.exec.RowCursor;
import io.ppdb.timeseries.TimeSeriesWriter;
import java.util.ArrayList;
import java.util.List;
import org.apache.tinkerpop.gremlin.process.traversal.dsl.graph.GraphTraversalSource;

/** One write in each model, and the question which of them are there. */
final class AllModels {
  static final List<String> ALL = List.of("keys", "graph", "table", "series");

  private static final byte[] KEY = "key".getBytes(UTF_8);

  private AllModels() {}

  /** Makes what the writes need. */
  static void define(Database database) {
    try (RelationalSession session = database.openSession()) {
      session
          .execute("CREATE TABLE airports (id INTEGER PRIMARY KEY, code VARCHAR NOT NULL UNIQUE)")
          .close();
      session
          .execute(
              "CREATE TABLE flights (departed_at TIMESTAMP NOT NULL, origin VARCHAR, delay INTEGER)"
                  + " WITH (kind = 'timeseries', timestamp = 'departed_at', tags = 'origin')")
          .close();
    }
    database.graph().createIndex(GraphIndex.vertices("airport", "code"));
  }

  static void write(Transaction transaction) {
    transaction.kv().put(KEY, "value".getBytes(UTF_8));
    GraphTraversalSource g = transaction.graph().traversal();
    g.addV("airport")
        .property("code", "SEA")
        .as("sea")
        .addV("airport")
        .property("code", "BOS")
        .addE("route")
        .from("sea")
        .property("dist", 4000)
        .iterate();
    transaction.sql().execute("INSERT INTO airports VALUES (?, ?)", 1, "SEA").close();
    try (TimeSeriesWriter writer = transaction.timeseries().writer("flights")) {
      writer.at(1_000_000).set(writer.column("origin"), "SEA").endRow();
    }
  }

  static void remove(Transaction transaction) {
    transaction.kv().delete(KEY);
    transaction.graph().traversal().V().drop().iterate();
    transaction.sql().execute("DELETE FROM airports").close();
    transaction.sql().execute("DELETE FROM flights").close();
  }

  static List<String> present(Database database) {
    List<String> present = new ArrayList<>();
    try (Transaction transaction = database.begin()) {
      if (transaction.kv().get(KEY) != null) {
        present.add("keys");
      }
      GraphTraversalSource g = transaction.graph().traversal();
      long vertexCount = g.V().count().next();
      long routeCount = g.V().has("airport", "code", "SEA").out("route").count().next();
      if (vertexCount == 2 && routeCount == 1) {
        present.add("graph");
      } else if (vertexCount + routeCount > 0) {
        present.add(vertexCount + " vertices, " + routeCount + " routes");
      }
      if (count(transaction, "airports") == 1) {
        present.add("table");
      }
      if (count(transaction, "flights") == 1) {
        present.add("series");
      }
    }
    return present;
  }

  private static long count(Transaction transaction, String table) {
    try (StatementResult result = transaction.sql().execute("SELECT count(*) FROM " + table)) {
      RowCursor rows = result.rows();
      return rows.next() ? rows.getLong(0) : -1;
    }
  }
}
