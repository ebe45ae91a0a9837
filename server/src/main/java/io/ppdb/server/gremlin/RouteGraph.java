package io.ppdb.server.gremlin;

import java.util.HashMap;
import java.util.Map;
import org.apache.tinkerpop.gremlin.structure.Graph;
import org.apache.tinkerpop.gremlin.structure.T;
import org.apache.tinkerpop.gremlin.structure.Vertex;
import org.jspecify.annotations.Nullable;

/**
 * The demo's graph: vertices {@code airport} with code, city and country, edges {@code route} with
 * dist. Written within one transaction; used by one thread.
 */
public final class RouteGraph {
  private final Graph graph;
  private final Map<String, Vertex> airports = new HashMap<>();

  RouteGraph(Graph graph) {
    this.graph = graph;
  }

  public void addAirport(String code, @Nullable String city, @Nullable String country) {
    Vertex airport = graph.addVertex(T.label, "airport", "code", code);
    if (city != null) {
      airport.property("city", city);
    }
    if (country != null) {
      airport.property("country", country);
    }
    airports.put(code, airport);
  }

  /** Adds a route, or returns false if one of its ends is not an airport that was added. */
  public boolean addRoute(String from, String to, int miles) {
    Vertex start = airports.get(from);
    Vertex end = airports.get(to);
    if (start == null || end == null) {
      return false;
    }
    start.addEdge("route", end, "dist", miles);
    return true;
  }
}
