package io.ppdb.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.KeyValueStore;
import io.ppdb.kv.PpdbException;
import io.ppdb.kv.Savepoint;
import io.ppdb.kv.Snapshot;
import io.ppdb.kv.StoreOptions;
import io.ppdb.kv.Transaction;
import io.ppdb.kv.memory.MemoryEngine;
import java.nio.file.Path;
import org.apache.tinkerpop.gremlin.structure.T;
import org.apache.tinkerpop.gremlin.structure.Vertex;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Graphs bound to a view of somebody else's. */
class GraphWithinTest {
  private final KeyValueStore store = new MemoryEngine().open(Path.of(""), StoreOptions.DEFAULT);
  private final PpdbGraph graph = PpdbGraph.open(store);

  @AfterEach
  void close() {
    graph.close();
    store.close();
  }

  @Test
  void aSnapshotIsReadAsItWasAndNotWritten() {
    Vertex v = graph.addVertex(T.label, "airport", "code", "SEA");
    graph.tx().commit();
    try (Snapshot snapshot = store.snapshot()) {
      v.property("code", "XXX");
      graph.addVertex("airport");
      graph.tx().commit();
      PpdbGraph then = graph.within(snapshot);
      assertThat(then.traversal().V().values("code").toList()).containsExactly("SEA");
      assertThat(then.traversal().V().count().next()).isEqualTo(1);
      assertThatThrownBy(() -> then.addVertex("airport"))
          .isInstanceOfSatisfying(
              PpdbException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.READ_ONLY));
      then.close();
    }
  }

  @Test
  void whatASavepointTakesBackIsForgotten() {
    try (Transaction transaction = store.begin()) {
      PpdbGraph within = graph.within(transaction);
      Vertex v = within.addVertex(T.label, "airport", "code", "SEA");
      Savepoint savepoint = transaction.savepoint();
      v.property("code", "XXX");
      within.addVertex("airport");
      transaction.rollbackTo(savepoint);
      assertThat(v.<String>value("code")).isEqualTo("SEA");
      assertThat(within.traversal().V().count().next()).isEqualTo(1);
      transaction.commit();
    }
    assertThat(graph.traversal().V().values("code").toList()).containsExactly("SEA");
  }

  @Test
  void anAbandonedTraversalLeavesNoScanBehind() {
    for (int i = 0; i < 10; i++) {
      graph.addVertex("airport").addEdge("route", graph.addVertex("airport"));
    }
    graph.tx().commit();
    // The iterators are not closed; the end of the transaction has to do it.
    assertThat(graph.traversal().V().out().next()).isNotNull();
    assertThat(graph.traversal().V().hasLabel("airport").next()).isNotNull();
    graph.tx().commit();
    assertThat(graph.traversal().V().out().count().next()).isEqualTo(10);
  }

  @Test
  void writesWhileATraversalRunsAreNotSeenByIt() {
    for (int i = 0; i < 5; i++) {
      Vertex v = graph.addVertex("n");
      v.addEdge("e", v);
    }
    graph.traversal().V().hasLabel("n").addV("n").iterate();
    assertThat(graph.traversal().V().count().next()).isEqualTo(10);
    graph.traversal().V().as("a").out("e").addE("e").from("a").iterate();
    assertThat(graph.traversal().E().count().next()).isEqualTo(10);
    graph.traversal().V().drop().iterate();
    assertThat(graph.traversal().V().count().next()).isZero();
    assertThat(graph.traversal().E().count().next()).isZero();
  }

  @Test
  void anElementOutlivesItsTransaction() {
    Vertex v = graph.addVertex(T.label, "n", "x", 1);
    graph.tx().commit();
    graph.traversal().V(v.id()).property("x", 2).iterate();
    graph.tx().commit();
    assertThat(v.<Integer>value("x")).isEqualTo(2);
    v.property("x", 3);
    graph.tx().rollback();
    assertThat(v.<Integer>value("x")).isEqualTo(2);
  }
}
