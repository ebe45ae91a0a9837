package io.ppdb.graph.strategy;

import io.ppdb.graph.PpdbGraph;
import io.ppdb.graph.PpdbVertex;
import java.util.Arrays;
import java.util.Collections;
import java.util.Iterator;
import java.util.Objects;
import org.apache.tinkerpop.gremlin.process.traversal.Traverser;
import org.apache.tinkerpop.gremlin.process.traversal.step.map.VertexStep;
import org.apache.tinkerpop.gremlin.structure.Vertex;
import org.apache.tinkerpop.gremlin.structure.util.StringFactory;
import org.jspecify.annotations.Nullable;

/**
 * {@code out()}, {@code in()} or {@code both()} whose vertices are asked for their properties next:
 * they are read in batches, rather than one by one.
 */
public final class PpdbVertexStep extends VertexStep<Vertex> {
  private static final long serialVersionUID = 1L;

  PpdbVertexStep(VertexStep<?> original) {
    super(original.getTraversal(), Vertex.class, original.getDirection(), original.getEdgeLabels());
    original.getLabels().forEach(this::addLabel);
  }

  @Override
  protected Iterator<Vertex> flatMap(Traverser.Admin<Vertex> traverser) {
    Vertex from = traverser.get();
    if (!(from instanceof PpdbVertex vertex)) {
      return super.flatMap(traverser);
    }
    PpdbGraph graph = vertex.graph();
    int @Nullable [] labelIds = graph.edgeLabelIds(getEdgeLabels());
    return labelIds == null
        ? Collections.emptyIterator()
        : graph.neighboursWithRecords(vertex, getDirection(), labelIds);
  }

  @Override
  public void close() {
    closeIterator();
  }

  @Override
  public int hashCode() {
    return Objects.hash(super.hashCode(), "prefetch");
  }

  @Override
  public String toString() {
    return StringFactory.stepString(
        this, getDirection(), Arrays.asList(getEdgeLabels()), "prefetch");
  }
}
