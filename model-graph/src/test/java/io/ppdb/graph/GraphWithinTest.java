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
import java.util.Iterator;
import java.util.List;
import java.util.function.Supplier;
import org.apache.tinkerpop.gremlin.structure.Direction;
import org.apache.tinkerpop.gremlin.structure.Edge;
import org.apache.tinkerpop.gremlin.structure.T;
import org.apache.tinkerpop.gremlin.structure.Vertex;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Graphs bound to a view of somebody else's. */
class GraphWithinTest {
  private final KeyValueStore store = new MemoryEngine().open("", StoreOptions.DEFAULT);
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

  @Test
  void whatAUniqueIndexForbidsLeavesNothingInTheTransaction() {
    graph.createIndex(GraphIndex.vertices("airport", "code").unique());
    graph.createIndex(GraphIndex.edges("route", "number").unique());
    Vertex seattle = graph.addVertex(T.label, "airport", "code", "SEA");
    Vertex boston = graph.addVertex(T.label, "airport", "code", "BOS");
    Edge route = seattle.addEdge("route", boston, "number", 1);
    Edge back = boston.addEdge("route", seattle, "number", 2);
    graph.tx().commit();

    assertViolation(() -> graph.addVertex(T.label, "airport", "code", "SEA"));
    assertViolation(() -> boston.property("code", "SEA"));
    assertViolation(() -> seattle.addEdge("route", boston, "number", 1));
    assertViolation(() -> back.property("number", 1));
    graph.tx().commit();

    assertThat(graph.traversal().V().count().next()).isEqualTo(2);
    assertThat(graph.traversal().V().toList()).hasSize(2);
    assertThat(graph.traversal().E().count().next()).isEqualTo(2);
    assertThat(graph.traversal().V(seattle.id()).outE().toList()).containsExactly(route);
    assertThat(boston.<String>value("code")).isEqualTo("BOS");
    assertThat(back.<Integer>value("number")).isEqualTo(2);
    assertThat(graph.traversal().V().has("airport", "code", "BOS").toList())
        .containsExactly(boston);
  }

  @Test
  void aTraversalThatOutlivesItsTransactionFailsRatherThanEnds() {
    for (int i = 0; i < 10; i++) {
      graph.addVertex("airport").addEdge("route", graph.addVertex("airport"));
    }
    graph.tx().commit();
    Vertex hub = graph.addVertex("airport");
    graph.vertices().forEachRemaining(v -> hub.addEdge("route", v));
    graph.tx().commit();

    List<Supplier<Iterator<?>>> scans =
        List.of(graph::vertices, graph::edges, () -> hub.edges(Direction.OUT));
    for (Supplier<Iterator<?>> begin : scans) {
      Iterator<?> scan = begin.get();
      assertThat(scan.next()).isNotNull();
      graph.tx().commit();
      assertClosed(scan::hasNext);
    }
  }

  @Test
  void nothingIsReadOnceTheTransactionHasEnded() {
    Transaction transaction = store.begin();
    PpdbGraph within = graph.within(transaction);
    Vertex v = within.addVertex(T.label, "airport", "code", "SEA");
    Edge e = v.addEdge("route", v, "dist", 1);
    transaction.commit();

    assertClosed(() -> v.value("code"));
    assertClosed(() -> e.value("dist"));
    assertClosed(() -> within.vertices(v.id()));
    assertClosed(() -> within.traversal().V().toList());
    assertClosed(() -> v.property("code", "BOS"));
    within.close();
    assertThat(within.tx().isOpen()).isFalse();
  }

  private static void assertViolation(ThrowingCallable call) {
    assertCode(call, ErrorCode.UNIQUE_VIOLATION);
  }

  private static void assertClosed(ThrowingCallable call) {
    assertCode(call, ErrorCode.CLOSED);
  }

  private static void assertCode(ThrowingCallable call, ErrorCode code) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(PpdbException.class, e -> assertThat(e.code()).isEqualTo(code));
  }
}
