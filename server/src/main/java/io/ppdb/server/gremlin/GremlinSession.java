package io.ppdb.server.gremlin;

import io.ppdb.database.Database;
import io.ppdb.graph.PpdbGraph;
import io.ppdb.graph.lang.GremlinQuery;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.apache.tinkerpop.gremlin.structure.util.CloseableIterator;
import org.jspecify.annotations.Nullable;

/**
 * Runs traversals in their text form (gremlin-lang, never Groovy) on the graph of a database.
 *
 * <p>Each traversal is a transaction of its own, run again when it conflicts. Thread-safe.
 */
public final class GremlinSession {
  private final Database database;

  public GremlinSession(Database database) {
    this.database = database;
  }

  /**
   * Runs one traversal; returns its results as {@link GremlinValues#plain}.
   *
   * @throws io.ppdb.kv.PpdbException SYNTAX_ERROR, with the position, if it is none
   */
  public List<@Nullable Object> execute(String gremlin) {
    GremlinQuery query = GremlinQuery.parse(gremlin);
    return within(graph -> evaluate(query, graph));
  }

  /** Runs {@code work}, which may run again, on the demo's graph; commits what it writes. */
  public <T> T build(Function<RouteGraph, T> work) {
    return within(graph -> work.apply(new RouteGraph(graph)));
  }

  /** Lets {@code has(label, key, value)} be a lookup. */
  public void createIndex(String label, String key) {
    database.graph().createIndex(label, key);
  }

  private <T> T within(Function<PpdbGraph, T> work) {
    return database.transact(transaction -> work.apply(transaction.graph()));
  }

  private static List<@Nullable Object> evaluate(GremlinQuery query, PpdbGraph graph) {
    List<@Nullable Object> plain = new ArrayList<>();
    try (CloseableIterator<Object> results = query.run(graph)) {
      results.forEachRemaining(each -> plain.add(GremlinValues.plain(each)));
    }
    return plain;
  }
}
