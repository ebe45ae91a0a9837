package io.ppdb.graph.tinkerpop;

import io.ppdb.graph.PpdbEdge;
import io.ppdb.graph.PpdbGraph;
import io.ppdb.graph.PpdbProperty;
import io.ppdb.graph.PpdbVertex;
import io.ppdb.graph.PpdbVertexProperty;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.apache.commons.configuration2.Configuration;
import org.apache.tinkerpop.gremlin.AbstractGraphProvider;
import org.apache.tinkerpop.gremlin.LoadGraphWith;
import org.apache.tinkerpop.gremlin.structure.Graph;

/** Opens a graph in a memory engine of its own for each of TinkerPop's tests. */
public final class PpdbGraphProvider extends AbstractGraphProvider {
  @SuppressWarnings("rawtypes") // The suite's own signature.
  private static final Set<Class> IMPLEMENTATIONS =
      Set.of(
          PpdbEdge.class,
          PpdbGraph.class,
          PpdbProperty.class,
          PpdbVertex.class,
          PpdbVertexProperty.class);

  /** Tests of test classes that load lists without asking for them. */
  private static final Set<String> NEEDS_LISTS =
      Set.of("shouldAttachWithCreateMethod", "testAttachableCreateMethod");

  @Override
  public Map<String, Object> getBaseConfiguration(
      String graphName, Class<?> test, String testMethodName, LoadGraphWith.GraphData data) {
    Map<String, Object> configuration = new HashMap<>();
    configuration.put(Graph.GRAPH, PpdbGraph.class.getName());
    if (data == LoadGraphWith.GraphData.CREW || NEEDS_LISTS.contains(testMethodName)) {
      configuration.put(PpdbGraph.CARDINALITY_KEY, "list");
    }
    return configuration;
  }

  @Override
  public void clear(Graph graph, Configuration configuration) throws Exception {
    if (graph != null) {
      graph.close();
    }
  }

  @Override
  @SuppressWarnings("rawtypes") // The suite's own signature.
  public Set<Class> getImplementations() {
    return IMPLEMENTATIONS;
  }
}
