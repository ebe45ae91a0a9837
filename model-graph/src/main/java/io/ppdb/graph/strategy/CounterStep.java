package io.ppdb.graph.strategy;

import io.ppdb.graph.PpdbGraph;
import io.ppdb.graph.storage.ElementKind;
import io.ppdb.graph.storage.GraphSession;
import java.util.ArrayList;
import java.util.List;
import org.apache.tinkerpop.gremlin.process.traversal.Traversal;
import org.apache.tinkerpop.gremlin.process.traversal.Traverser;
import org.apache.tinkerpop.gremlin.process.traversal.step.util.AbstractStep;
import org.apache.tinkerpop.gremlin.process.traversal.step.util.HasContainer;
import org.apache.tinkerpop.gremlin.process.traversal.util.FastNoSuchElementException;
import org.apache.tinkerpop.gremlin.structure.Element;
import org.apache.tinkerpop.gremlin.structure.util.StringFactory;

/** {@code V().count()} or {@code E().count()}, perhaps of some labels: a read of counters. */
public final class CounterStep<S extends Element> extends AbstractStep<S, Long> {
  private static final long serialVersionUID = 1L;

  private final ElementKind kind;

  /** Only such on the label. */
  private final ArrayList<HasContainer> containers;

  private boolean done;

  CounterStep(Traversal.Admin<?, ?> traversal, ElementKind kind, List<HasContainer> containers) {
    super(traversal);
    this.kind = kind;
    this.containers = new ArrayList<>(containers);
  }

  @Override
  protected Traverser.Admin<Long> processNextStart() {
    if (done) {
      throw FastNoSuchElementException.instance();
    }
    done = true;
    PpdbGraph graph = (PpdbGraph) getTraversal().getGraph().orElseThrow();
    return getTraversal()
        .getTraverserGenerator()
        .generate(count(graph.session()), Steps.asStart(this), 1L);
  }

  private long count(GraphSession session) {
    AccessPlan plan = AccessPlan.of(session, kind, containers);
    if (plan.isEmpty()) {
      return 0;
    }
    if (plan.labelIds().length == 0) {
      return session.count(kind);
    }
    long count = 0;
    for (int labelId : plan.labelIds()) {
      count += session.count(kind, labelId);
    }
    return count;
  }

  @Override
  public void reset() {
    super.reset();
    done = false;
  }

  @Override
  public int hashCode() {
    return super.hashCode() ^ kind.hashCode() ^ containers.hashCode();
  }

  @Override
  public String toString() {
    return StringFactory.stepString(this, kind, containers);
  }
}
