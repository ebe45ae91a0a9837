package io.ppdb.graph.strategy;

import org.apache.tinkerpop.gremlin.process.traversal.Step;
import org.apache.tinkerpop.gremlin.process.traversal.Traversal;
import org.apache.tinkerpop.gremlin.process.traversal.TraversalStrategy.ProviderOptimizationStrategy;
import org.apache.tinkerpop.gremlin.process.traversal.step.filter.HasStep;
import org.apache.tinkerpop.gremlin.process.traversal.step.map.GraphStep;
import org.apache.tinkerpop.gremlin.process.traversal.step.map.GraphStepContract;
import org.apache.tinkerpop.gremlin.process.traversal.step.map.NoOpBarrierStep;
import org.apache.tinkerpop.gremlin.process.traversal.step.util.HasContainer;
import org.apache.tinkerpop.gremlin.process.traversal.strategy.AbstractTraversalStrategy;
import org.apache.tinkerpop.gremlin.process.traversal.util.TraversalHelper;

/** Puts the {@code has} steps after {@code V()} or {@code E()} into one {@link PpdbGraphStep}. */
public final class GraphStepFolding extends AbstractTraversalStrategy<ProviderOptimizationStrategy>
    implements ProviderOptimizationStrategy {
  private static final long serialVersionUID = 1L;
  private static final GraphStepFolding INSTANCE = new GraphStepFolding();

  private GraphStepFolding() {}

  public static GraphStepFolding instance() {
    return INSTANCE;
  }

  @Override
  public void apply(Traversal.Admin<?, ?> traversal) {
    if (TraversalHelper.onGraphComputer(traversal)) {
      return;
    }
    for (GraphStepContract<?, ?> original :
        TraversalHelper.getStepsOfClass(GraphStepContract.class, traversal)) {
      fold(traversal, original);
    }
  }

  private static void fold(Traversal.Admin<?, ?> traversal, GraphStepContract<?, ?> original) {
    PpdbGraphStep<?, ?> folded = new PpdbGraphStep<>(original);
    Steps.replace(traversal, original, folded);
    Step<?, ?> next = folded.getNextStep();
    while (next instanceof HasStep || next instanceof NoOpBarrierStep) {
      if (next instanceof HasStep<?> has) {
        for (HasContainer container : has.getHasContainers()) {
          if (!GraphStep.processHasContainerIds(folded, container)) {
            folded.addHasContainer(container);
          }
        }
        TraversalHelper.copyLabels(next, next.getPreviousStep(), false);
        traversal.removeStep(next);
      }
      next = next.getNextStep();
    }
  }
}
