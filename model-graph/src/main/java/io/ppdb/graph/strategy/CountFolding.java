package io.ppdb.graph.strategy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import org.apache.tinkerpop.gremlin.process.traversal.Compare;
import org.apache.tinkerpop.gremlin.process.traversal.Contains;
import org.apache.tinkerpop.gremlin.process.traversal.Step;
import org.apache.tinkerpop.gremlin.process.traversal.Traversal;
import org.apache.tinkerpop.gremlin.process.traversal.TraversalStrategy.ProviderOptimizationStrategy;
import org.apache.tinkerpop.gremlin.process.traversal.step.branch.RepeatStep;
import org.apache.tinkerpop.gremlin.process.traversal.step.filter.DedupGlobalStep;
import org.apache.tinkerpop.gremlin.process.traversal.step.map.CountGlobalStep;
import org.apache.tinkerpop.gremlin.process.traversal.step.map.NoOpBarrierStep;
import org.apache.tinkerpop.gremlin.process.traversal.step.map.VertexStep;
import org.apache.tinkerpop.gremlin.process.traversal.step.sideEffect.IdentityStep;
import org.apache.tinkerpop.gremlin.process.traversal.step.util.HasContainer;
import org.apache.tinkerpop.gremlin.process.traversal.strategy.AbstractTraversalStrategy;
import org.apache.tinkerpop.gremlin.process.traversal.util.TraversalHelper;
import org.apache.tinkerpop.gremlin.structure.T;

/** Turns a {@code count()} at the end of a traversal into counters or a count of keys. */
public final class CountFolding extends AbstractTraversalStrategy<ProviderOptimizationStrategy>
    implements ProviderOptimizationStrategy {
  private static final long serialVersionUID = 1L;
  private static final CountFolding INSTANCE = new CountFolding();

  private CountFolding() {}

  public static CountFolding instance() {
    return INSTANCE;
  }

  @Override
  public Set<Class<? extends ProviderOptimizationStrategy>> applyPrior() {
    return Collections.singleton(GraphStepFolding.class);
  }

  @Override
  public void apply(Traversal.Admin<?, ?> traversal) {
    // Within repeat() a traversal goes on after its end.
    if (TraversalHelper.onGraphComputer(traversal) || traversal.getParent() instanceof RepeatStep) {
      return;
    }
    for (CountGlobalStep<?> count :
        TraversalHelper.getStepsOfClass(CountGlobalStep.class, traversal)) {
      fold(traversal, count);
    }
  }

  private static void fold(Traversal.Admin<?, ?> traversal, CountGlobalStep<?> count) {
    List<Step<?, ?>> folded = new ArrayList<>();
    List<HopsCountStep.Hop> hops = new ArrayList<>();
    boolean distinct = false;
    Step<?, ?> step = count.getPreviousStep();
    while (step.getLabels().isEmpty()) {
      if (step instanceof VertexStep<?> hop
          && (hop.returnsVertex() || (hops.isEmpty() && !distinct))) {
        hops.add(0, new HopsCountStep.Hop(hop.getDirection(), List.of(hop.getEdgeLabels())));
      } else if (step instanceof DedupGlobalStep<?> dedup
          && hops.isEmpty()
          && !distinct
          && isPlain(dedup)) {
        distinct = true;
      } else if (!(step instanceof NoOpBarrierStep || step instanceof IdentityStep)) {
        break;
      }
      folded.add(step);
      step = step.getPreviousStep();
    }
    if (!hops.isEmpty()) {
      folded.forEach(traversal::removeStep);
      replace(traversal, count, new HopsCountStep(traversal, hops, distinct));
    } else if (step instanceof PpdbGraphStep<?, ?> start
        && start.isStartStep()
        && start.isWithoutIds()
        && start.getLabels().isEmpty()
        && start.getHasContainers().stream().allMatch(CountFolding::isOnLabel)) {
      // At most one container may be dropped by a plan for labels.
      if (start.getHasContainers().size() <= 1) {
        folded.forEach(traversal::removeStep);
        traversal.removeStep(start);
        replace(
            traversal, count, new CounterStep<>(traversal, start.kind(), start.getHasContainers()));
      }
    }
  }

  private static void replace(
      Traversal.Admin<?, ?> traversal, CountGlobalStep<?> count, Step<?, Long> replacement) {
    count.getLabels().forEach(replacement::addLabel);
    Steps.replace(traversal, count, replacement);
  }

  private static boolean isPlain(DedupGlobalStep<?> dedup) {
    return dedup.getLocalChildren().isEmpty()
        && (dedup.getScopeKeys() == null || dedup.getScopeKeys().isEmpty());
  }

  private static boolean isOnLabel(HasContainer container) {
    return T.label.getAccessor().equals(container.getKey())
        && (container.getBiPredicate() == Compare.eq
            || container.getBiPredicate() == Contains.within);
  }
}
