package io.ppdb.graph.strategy;

import io.ppdb.graph.PpdbGraph;
import io.ppdb.graph.storage.ElementKind;
import io.ppdb.graph.storage.GraphSession;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import org.apache.tinkerpop.gremlin.process.traversal.step.HasContainerHolder;
import org.apache.tinkerpop.gremlin.process.traversal.step.map.GraphStep;
import org.apache.tinkerpop.gremlin.process.traversal.step.map.GraphStepContract;
import org.apache.tinkerpop.gremlin.process.traversal.step.util.HasContainer;
import org.apache.tinkerpop.gremlin.structure.Element;
import org.apache.tinkerpop.gremlin.structure.Vertex;
import org.apache.tinkerpop.gremlin.structure.util.StringFactory;
import org.apache.tinkerpop.gremlin.util.iterator.IteratorUtils;

/**
 * {@code V()} or {@code E()} with the predicates that follow it, read by an {@link AccessPlan}.
 *
 * <p>The plan is made when the step begins, from what its transaction sees.
 */
public final class PpdbGraphStep<S, E extends Element> extends GraphStep<S, E>
    implements HasContainerHolder<S, E> {
  private static final long serialVersionUID = 1L;

  private final ArrayList<HasContainer> containers = new ArrayList<>();

  PpdbGraphStep(GraphStepContract<S, E> original) {
    super(
        original.getTraversal(),
        original.getReturnClass(),
        original.isStartStep(),
        original.getIds());
    original.getLabels().forEach(this::addLabel);
    setIteratorSupplier(this::elements);
  }

  @Override
  public List<HasContainer> getHasContainers() {
    return Collections.unmodifiableList(containers);
  }

  @Override
  public void addHasContainer(HasContainer container) {
    containers.add(container);
  }

  @Override
  public void removeHasContainer(HasContainer container) {
    containers.remove(container);
  }

  ElementKind kind() {
    return Vertex.class.isAssignableFrom(returnClass) ? ElementKind.VERTEX : ElementKind.EDGE;
  }

  /** Whether this step asks for elements by predicates rather than by id. */
  boolean isWithoutIds() {
    return ids != null && ids.length == 0;
  }

  @Override
  public PpdbGraphStep<S, E> clone() {
    @SuppressWarnings("unchecked")
    PpdbGraphStep<S, E> clone = (PpdbGraphStep<S, E>) super.clone();
    clone.setIteratorSupplier(clone::elements);
    return clone;
  }

  @Override
  public int hashCode() {
    return super.hashCode() ^ containers.hashCode();
  }

  @Override
  public String toString() {
    String name = returnClass.getSimpleName().toLowerCase(Locale.ROOT);
    if (!isWithoutIds()) {
      return StringFactory.stepString(this, name, Arrays.toString(ids), containers);
    }
    Object graph = getTraversal().getGraph().orElse(null);
    if (graph instanceof PpdbGraph own && own.tx().isOpen()) {
      GraphSession session = own.session();
      AccessPlan plan = AccessPlan.of(session, kind(), containers);
      return StringFactory.stepString(
          this, name, plan.describe(session, kind()), containers, "test " + plan.residual());
    }
    return StringFactory.stepString(this, name, containers);
  }

  @SuppressWarnings("unchecked") // The class of elements was given with the type.
  private Iterator<E> elements() {
    PpdbGraph graph = (PpdbGraph) getTraversal().getGraph().orElseThrow();
    if (ids == null) {
      return Collections.emptyIterator();
    }
    if (ids.length > 0) {
      Iterator<? extends Element> found =
          kind() == ElementKind.VERTEX ? graph.vertices(ids) : graph.edges(ids);
      return (Iterator<E>) test(found, containers);
    }
    GraphSession session = graph.session();
    AccessPlan plan = AccessPlan.of(session, kind(), containers);
    if (plan.isEmpty()) {
      return Collections.emptyIterator();
    }
    Iterator<? extends Element> found =
        kind() == ElementKind.VERTEX
            ? graph.vertices(plan.query(), plan.labelIds())
            : graph.edges(plan.query(), plan.labelIds());
    return (Iterator<E>) test(found, plan.residual());
  }

  private static Iterator<? extends Element> test(
      Iterator<? extends Element> elements, List<HasContainer> containers) {
    return containers.isEmpty()
        ? elements
        : IteratorUtils.filter(elements, element -> HasContainer.testAll(element, containers));
  }
}
