package io.ppdb.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.KeyValueStore;
import io.ppdb.kv.PpdbException;
import io.ppdb.kv.StoreOptions;
import io.ppdb.kv.Transaction;
import io.ppdb.kv.memory.MemoryEngine;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.tinkerpop.gremlin.structure.Edge;
import org.apache.tinkerpop.gremlin.structure.T;
import org.apache.tinkerpop.gremlin.structure.Vertex;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Which concurrent changes conflict and which do not. */
class GraphConflictTest {
  private static final int THREADS = 4;
  private static final int EDGES_PER_THREAD = 50;

  private final KeyValueStore store = new MemoryEngine().open("", StoreOptions.DEFAULT);
  private final PpdbGraph graph = PpdbGraph.open(store);
  private long hub;
  private long spoke;

  private Transaction first;
  private Transaction second;

  @BeforeEach
  void load() {
    hub = (Long) graph.addVertex(T.label, "airport", "code", "HUB").id();
    spoke = (Long) graph.addVertex(T.label, "airport", "code", "SPK").id();
    graph.tx().commit();
    // Labels and keys of the changes below are known, so that no schema is written on the way.
    graph.vertices(hub).next().addEdge("route", graph.vertices(spoke).next(), "dist", 1);
    graph.tx().commit();
    first = store.begin();
    second = store.begin();
    first.get(new byte[] {1});
    second.get(new byte[] {1});
  }

  @AfterEach
  void close() {
    first.close();
    second.close();
    graph.close();
    store.close();
  }

  @Test
  void twoEdgesOnOneHubDoNotConflict() {
    addRoute(first);
    addRoute(second);
    first.commit();
    second.commit();
    assertThat(graph.traversal().V(hub).outE().count().next()).isEqualTo(3);
    assertThat(graph.traversal().E().count().next()).isEqualTo(3);
  }

  @Test
  void anEdgeAndAPropertyOfItsVertexDoNotConflict() {
    addRoute(first);
    hubIn(second).property("code", "NEW");
    first.commit();
    second.commit();
    assertThat(graph.traversal().V(hub).values("code").toList()).containsExactly("NEW");
  }

  @Test
  void anEdgeAndTheRemovalOfItsVertexConflict() {
    addRoute(first);
    graph.within(second).vertices(spoke).next().remove();
    first.commit();
    assertConflict(second);
    assertThat(graph.traversal().V(hub).out().count().next()).isEqualTo(2);
  }

  @Test
  void theRemovalOfAVertexAndAnEdgeToItConflict() {
    addRoute(first);
    graph.within(second).vertices(spoke).next().remove();
    second.commit();
    assertConflict(first);
    assertThat(graph.traversal().E().hasNext()).isFalse();
  }

  @Test
  void twoPropertiesOfOneVertexConflict() {
    hubIn(first).property("code", "A");
    hubIn(second).property("code", "B");
    first.commit();
    assertConflict(second);
  }

  @Test
  void aPropertyAndTheRemovalOfItsVertexConflict() {
    hubIn(first).property("code", "A");
    hubIn(second).remove();
    first.commit();
    assertConflict(second);
  }

  @Test
  void aPropertyAndTheRemovalOfItsEdgeConflict() {
    Edge edge = graph.within(first).edges().next();
    edge.property("dist", 2);
    graph.within(second).edges(edge.id()).next().remove();
    first.commit();
    assertConflict(second);
  }

  @Test
  void newVerticesDoNotConflict() {
    graph.within(first).addVertex("airport");
    graph.within(second).addVertex("airport");
    first.commit();
    second.commit();
    assertThat(graph.traversal().V().hasLabel("airport").count().next()).isEqualTo(4);
  }

  @Test
  void oneUniqueValueTwiceConflictsAndThenIsAViolation() {
    graph.createIndex(GraphIndex.vertices("airport", "code").unique());
    try (Transaction third = store.begin();
        Transaction fourth = store.begin()) {
      graph.within(third).addVertex(T.label, "airport", "code", "X");
      graph.within(fourth).addVertex(T.label, "airport", "code", "X");
      third.commit();
      assertConflict(fourth);
    }
    assertThatThrownBy(() -> graph.addVertex(T.label, "airport", "code", "X"))
        .isInstanceOfSatisfying(
            PpdbException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNIQUE_VIOLATION));
  }

  @Test
  void aWriterThatBeganBeforeAnIndexConflicts() {
    graph.within(first).addVertex(T.label, "airport", "code", "OLD");
    graph.createIndex("airport", "code");
    assertConflict(first);
    // One that only reads goes on as it was.
    assertThat(graph.within(second).traversal().V().has("airport", "code", "HUB").hasNext())
        .isTrue();
  }

  @Test
  void manyThreadsAddEdgesToOneHubWithoutALoss() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    try {
      List<Future<?>> running = new ArrayList<>();
      for (int t = 0; t < THREADS; t++) {
        running.add(
            threads.submit(
                () -> {
                  for (int i = 0; i < EDGES_PER_THREAD; i++) {
                    addRoute(graph);
                    graph.tx().commit();
                  }
                }));
      }
      for (Future<?> future : running) {
        future.get();
      }
    } finally {
      threads.shutdown();
    }
    long expected = THREADS * EDGES_PER_THREAD + 1L;
    assertThat(graph.traversal().V(hub).outE("route").count().next()).isEqualTo(expected);
    assertThat(graph.traversal().E().hasLabel("route").count().next()).isEqualTo(expected);
    assertThat(graph.traversal().E().toList()).hasSize((int) expected);
  }

  private void addRoute(Transaction transaction) {
    addRoute(graph.within(transaction));
  }

  private void addRoute(PpdbGraph target) {
    Vertex from = target.vertices(hub).next();
    from.addEdge("route", target.vertices(spoke).next(), "dist", 7);
  }

  private Vertex hubIn(Transaction transaction) {
    return graph.within(transaction).vertices(hub).next();
  }

  private static void assertConflict(Transaction transaction) {
    assertThatThrownBy(transaction::commit)
        .isInstanceOfSatisfying(
            PpdbException.class,
            e -> {
              assertThat(e.code()).isEqualTo(ErrorCode.CONFLICT);
              assertThat(e.isRetryable()).isTrue();
            });
  }
}
