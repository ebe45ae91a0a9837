package io.ppdb.graph.strategy;

import io.ppdb.graph.PpdbGraph;
import io.ppdb.graph.storage.EdgeScan;
import io.ppdb.graph.storage.GraphSession;
import io.ppdb.graph.storage.LongSet;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.apache.tinkerpop.gremlin.process.traversal.Traversal;
import org.apache.tinkerpop.gremlin.process.traversal.Traverser;
import org.apache.tinkerpop.gremlin.process.traversal.step.util.AbstractStep;
import org.apache.tinkerpop.gremlin.process.traversal.traverser.TraverserRequirement;
import org.apache.tinkerpop.gremlin.process.traversal.util.FastNoSuchElementException;
import org.apache.tinkerpop.gremlin.structure.Direction;
import org.apache.tinkerpop.gremlin.structure.Vertex;
import org.apache.tinkerpop.gremlin.structure.util.StringFactory;
import org.jspecify.annotations.Nullable;

/**
 * {@code out(…).in(…)….count()}, perhaps with a {@code dedup()} before the end: how many vertices
 * or edges lie some hops away.
 *
 * <p>No traverser exists between the hops: each hop turns a map of vertex ids with their
 * multiplicities into the next one, in the order of the keys, and the last only counts keys.
 * Neither vertices nor edges are read.
 */
public final class HopsCountStep extends AbstractStep<Vertex, Long> {
  private static final long serialVersionUID = 1L;

  /**
   * One hop.
   *
   * @param direction from the vertex reached
   * @param labels the edge labels to follow; empty for all
   */
  public record Hop(Direction direction, List<String> labels) implements Serializable {}

  private final ArrayList<Hop> hops;
  private final boolean distinct;
  private boolean done;

  HopsCountStep(Traversal.Admin<?, ?> traversal, List<Hop> hops, boolean distinct) {
    super(traversal);
    this.hops = new ArrayList<>(hops);
    this.distinct = distinct;
  }

  @Override
  protected Traverser.Admin<Long> processNextStart() {
    if (done) {
      throw FastNoSuchElementException.instance();
    }
    done = true;
    PpdbGraph graph = (PpdbGraph) getTraversal().getGraph().orElseThrow();
    LongCounts frontier = new LongCounts();
    while (starts.hasNext()) {
      Traverser.Admin<Vertex> start = starts.next();
      Long id = PpdbGraph.toId(Vertex.class, start.get());
      if (id != null) {
        frontier.add(id, start.bulk());
      }
    }
    long count = count(graph, frontier);
    return getTraversal().getTraverserGenerator().generate(count, Steps.asStart(this), 1L);
  }

  private long count(PpdbGraph graph, LongCounts starts) {
    if (starts.size() == 0) {
      return 0;
    }
    GraphSession session = graph.session();
    LongCounts frontier = starts;
    int last = hops.size() - 1;
    for (int i = 0; i < last; i++) {
      frontier = follow(graph, session, hops.get(i), frontier);
    }
    Hop hop = hops.get(last);
    return distinct
        ? countDistinct(graph, session, hop, frontier)
        : sumDegrees(graph, session, hop, frontier);
  }

  private static LongCounts follow(
      PpdbGraph graph, GraphSession session, Hop hop, LongCounts frontier) {
    LongCounts reached = new LongCounts();
    int[] labelIds = labelIds(graph, hop);
    if (labelIds != null) {
      int directions = PpdbGraph.directionBits(hop.direction);
      for (long id : frontier.sortedKeys()) {
        long multiplicity = frontier.get(id);
        EdgeScan scan = session.edges(id, directions, labelIds, false);
        while (scan.next()) {
          reached.add(scan.otherId(), multiplicity);
        }
      }
    }
    return reached;
  }

  private static long sumDegrees(
      PpdbGraph graph, GraphSession session, Hop hop, LongCounts frontier) {
    int[] labelIds = labelIds(graph, hop);
    long sum = 0;
    if (labelIds != null) {
      int directions = PpdbGraph.directionBits(hop.direction);
      for (long id : frontier.sortedKeys()) {
        sum +=
            frontier.get(id) * session.edges(id, directions, labelIds, false).count(Long.MAX_VALUE);
      }
    }
    return sum;
  }

  private static long countDistinct(
      PpdbGraph graph, GraphSession session, Hop hop, LongCounts frontier) {
    LongSet seen = new LongSet();
    int[] labelIds = labelIds(graph, hop);
    if (labelIds != null) {
      int directions = PpdbGraph.directionBits(hop.direction);
      for (long id : frontier.sortedKeys()) {
        EdgeScan scan = session.edges(id, directions, labelIds, false);
        while (scan.next()) {
          seen.add(scan.otherId());
        }
      }
    }
    return seen.size();
  }

  private static int @Nullable [] labelIds(PpdbGraph graph, Hop hop) {
    return graph.edgeLabelIds(hop.labels.toArray(new String[0]));
  }

  @Override
  public Set<TraverserRequirement> getRequirements() {
    return Set.of(TraverserRequirement.OBJECT, TraverserRequirement.BULK);
  }

  @Override
  public void reset() {
    super.reset();
    done = false;
  }

  @Override
  public int hashCode() {
    return super.hashCode() ^ Arrays.asList(hops, distinct).hashCode();
  }

  @Override
  public String toString() {
    return StringFactory.stepString(this, hops, distinct ? "distinct" : "all");
  }
}
