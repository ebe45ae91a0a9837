package io.ppdb.graph;

import static org.assertj.core.api.Assertions.assertThat;

import io.ppdb.kv.KeyValueStore;
import io.ppdb.kv.PpdbException;
import io.ppdb.kv.StoreOptions;
import io.ppdb.kv.memory.MemoryEngine;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.tinkerpop.gremlin.process.traversal.dsl.graph.GraphTraversalSource;
import org.apache.tinkerpop.gremlin.structure.Direction;
import org.apache.tinkerpop.gremlin.structure.Edge;
import org.apache.tinkerpop.gremlin.structure.T;
import org.apache.tinkerpop.gremlin.structure.Vertex;
import org.junit.jupiter.api.Test;

/** Threads change a small graph at random while indexes are made; afterwards all of it agrees. */
class GraphStressTest {
  private static final int THREADS = 4;
  private static final int TRANSACTIONS = 150;
  private static final int MAX_CHANGES = 5;
  private static final int MAX_VERTEX_ID = 120;
  private static final int VALUES = 20;
  private static final String[] LABELS = {"a", "b"};

  private final long seed = Long.getLong("ppdb.seed", System.nanoTime());
  private final KeyValueStore store = new MemoryEngine().open("", StoreOptions.DEFAULT);
  private final PpdbGraph graph = PpdbGraph.open(store);
  private final GraphTraversalSource g = graph.traversal();

  @Test
  void concurrentChangesLeaveAConsistentGraph() throws Exception {
    SplittableRandom random = new SplittableRandom(seed);
    ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    try {
      List<Future<?>> running = new ArrayList<>();
      for (int t = 0; t < THREADS; t++) {
        SplittableRandom own = random.split();
        running.add(threads.submit(() -> runTransactions(own)));
      }
      graph.createIndex(null, "num");
      graph.createIndex("a", "num");
      graph.createIndex(GraphIndex.edges(null, "num"));
      for (Future<?> future : running) {
        future.get();
      }
    } finally {
      threads.shutdown();
    }
    checkEdges();
    checkCounters();
    checkIndexes();
    graph.close();
    store.close();
  }

  private void runTransactions(SplittableRandom random) {
    for (int i = 0; i < TRANSACTIONS; i++) {
      try {
        int changes = 1 + random.nextInt(MAX_CHANGES);
        for (int c = 0; c < changes; c++) {
          change(random);
        }
        graph.tx().commit();
      } catch (PpdbException e) {
        // Another seed may try what this one wanted: lost transactions are part of the test.
        assertThat(e.isRetryable()).as("seed %d: %s", seed, e).isTrue();
        graph.tx().rollback();
      }
    }
  }

  private void change(SplittableRandom random) {
    Vertex from = anyVertex(random);
    int kind = random.nextInt(10);
    if (kind < 2) {
      graph.addVertex(
          T.label, LABELS[random.nextInt(LABELS.length)], "num", random.nextInt(VALUES));
    } else if (kind < 6) {
      from.addEdge("e", anyVertex(random), "num", random.nextInt(VALUES));
    } else if (kind < 8) {
      from.property("num", random.nextInt(VALUES));
    } else if (kind < 9) {
      from.remove();
    } else {
      g.V(from.id()).bothE().limit(1).drop().iterate();
    }
  }

  private Vertex anyVertex(SplittableRandom random) {
    List<Vertex> found =
        g.V().hasId(1 + random.nextInt(MAX_VERTEX_ID), 1 + random.nextInt(MAX_VERTEX_ID)).toList();
    return found.isEmpty() ? graph.addVertex(T.label, "a", "num", 0) : found.get(0);
  }

  private void checkEdges() {
    List<Edge> edges = g.E().toList();
    for (Edge edge : edges) {
      assertThat(graph.vertices(edge.outVertex().id()).hasNext()).as("seed %d", seed).isTrue();
      assertThat(graph.vertices(edge.inVertex().id()).hasNext()).as("seed %d", seed).isTrue();
    }
    List<Edge> outgoing = new ArrayList<>();
    List<Edge> incoming = new ArrayList<>();
    graph
        .vertices()
        .forEachRemaining(
            vertex -> {
              vertex.edges(Direction.OUT).forEachRemaining(outgoing::add);
              vertex.edges(Direction.IN).forEachRemaining(incoming::add);
            });
    assertThat(outgoing).as("seed %d", seed).containsExactlyInAnyOrderElementsOf(edges);
    assertThat(incoming).as("seed %d", seed).containsExactlyInAnyOrderElementsOf(edges);
  }

  private void checkCounters() {
    assertThat(g.V().count().next()).as("seed %d", seed).isEqualTo(g.V().toList().size());
    assertThat(g.E().count().next()).as("seed %d", seed).isEqualTo(g.E().toList().size());
    for (String label : LABELS) {
      assertThat(g.V().hasLabel(label).count().next())
          .as("seed %d", seed)
          .isEqualTo(g.V().toStream().filter(v -> v.label().equals(label)).count());
    }
  }

  private void checkIndexes() {
    for (int value = 0; value < VALUES; value++) {
      int wanted = value;
      List<Vertex> vertices =
          g.V().toStream().filter(v -> v.property("num").orElse(-1).equals(wanted)).toList();
      assertThat(g.V().has("num", value).toList())
          .as("seed %d", seed)
          .containsExactlyInAnyOrderElementsOf(vertices);
      assertThat(g.V().has("a", "num", value).toList())
          .as("seed %d", seed)
          .containsExactlyInAnyOrderElementsOf(
              vertices.stream().filter(v -> v.label().equals("a")).toList());
      assertThat(g.E().has("num", value).toList())
          .as("seed %d", seed)
          .containsExactlyInAnyOrderElementsOf(
              g.E().toStream().filter(e -> e.property("num").orElse(-1).equals(wanted)).toList());
    }
  }
}
