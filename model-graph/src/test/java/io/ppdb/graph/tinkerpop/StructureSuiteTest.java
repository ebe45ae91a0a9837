package io.ppdb.graph.tinkerpop;

import io.ppdb.graph.PpdbGraph;
import org.apache.tinkerpop.gremlin.GraphProviderClass;
import org.apache.tinkerpop.gremlin.structure.StructureStandardSuite;
import org.junit.ClassRule;
import org.junit.runner.RunWith;

/** TinkerPop's suite of the graph structure API. */
@RunWith(StructureStandardSuite.class)
@GraphProviderClass(provider = PpdbGraphProvider.class, graph = PpdbGraph.class)
public class StructureSuiteTest {
  @ClassRule public static final LeakRule LEAKS = new LeakRule();
}
