package io.ppdb.database;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.ppdb.graph.GraphIndex;
import java.util.ArrayList;
import java.util.List;
import org.apache.tinkerpop.gremlin.process.traversal.dsl.graph.GraphTraversalSource;

/** One write in each model, and the question which of them are there. */
final class AllModels {
  static final List<String> ALL = List.of("keys", "graph");

  private static final byte[] KEY = "key".getBytes(UTF_8);

  private AllModels() {}

  /** Makes what the writes need. */
  static void define(Database database) {
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
    }
    return present;
  }
}
