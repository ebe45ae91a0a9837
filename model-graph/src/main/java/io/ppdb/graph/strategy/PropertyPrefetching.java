package io.ppdb.graph.strategy;

import java.util.Collections;
import java.util.Set;
import org.apache.tinkerpop.gremlin.process.traversal.Step;
import org.apache.tinkerpop.gremlin.process.traversal.Traversal;
import org.apache.tinkerpop.gremlin.process.traversal.TraversalStrategy.ProviderOptimizationStrategy;
import org.apache.tinkerpop.gremlin.process.traversal.step.filter.HasStep;
import org.apache.tinkerpop.gremlin.process.traversal.step.map.ElementMapStep;
import org.apache.tinkerpop.gremlin.process.traversal.step.map.NoOpBarrierStep;
import org.apache.tinkerpop.gremlin.process.traversal.step.map.PropertiesStep;
import org.apache.tinkerpop.gremlin.process.traversal.step.map.PropertyMapStep;
import org.apache.tinkerpop.gremlin.process.traversal.step.map.VertexStep;
import org.apache.tinkerpop.gremlin.process.traversal.strategy.AbstractTraversalStrategy;
import org.apache.tinkerpop.gremlin.process.traversal.util.TraversalHelper;

/** Lets adjacent vertices be read in batches where their properties are wanted next. */
public final class PropertyPrefetching
    extends AbstractTraversalStrategy<ProviderOptimizationStrategy>
    implements ProviderOptimizationStrategy {
  private static final long serialVersionUID = 1L;
  private static final PropertyPrefetching INSTANCE = new PropertyPrefetching();

  private PropertyPrefetching() {}

  public static PropertyPrefetching instance() {
    return INSTANCE;
  }

  @Override
  public Set<Class<? extends ProviderOptimizationStrategy>> applyPrior() {
    return Collections.singleton(CountFolding.class);
  }

  @Override
  public void apply(Traversal.Admin<?, ?> traversal) {
    if (TraversalHelper.onGraphComputer(traversal)) {
      return;
    }
    for (VertexStep<?> hop : TraversalHelper.getStepsOfClass(VertexStep.class, traversal)) {
      if (hop.returnsVertex() && readsProperties(next(hop))) {
        Steps.replace(traversal, hop, new PpdbVertexStep(hop));
      }
    }
  }

  private static Step<?, ?> next(Step<?, ?> step) {
    Step<?, ?> next = step.getNextStep();
    while (next instanceof NoOpBarrierStep) {
      next = next.getNextStep();
    }
    return next;
  }

  private static boolean readsProperties(Step<?, ?> step) {
    return step instanceof PropertiesStep
        || step instanceof PropertyMapStep
        || step instanceof ElementMapStep
        || step instanceof HasStep;
  }
}
