package io.ppdb.graph.tinkerpop;

import io.ppdb.graph.PpdbGraph;
import org.apache.tinkerpop.gremlin.GraphProviderClass;
import org.apache.tinkerpop.gremlin.process.ProcessEmbeddedStandardSuite;
import org.junit.ClassRule;
import org.junit.runner.RunWith;

/** TinkerPop's suite of traversals in the same process. */
@RunWith(ProcessEmbeddedStandardSuite.class)
@GraphProviderClass(provider = PpdbGraphProvider.class, graph = PpdbGraph.class)
public class ProcessSuiteTest {
  @ClassRule public static final LeakRule LEAKS = new LeakRule();
}
