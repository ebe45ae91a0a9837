package io.ppdb.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ppdb.kv.CommitOrigin;
import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.KeyValueStore;
import io.ppdb.kv.PpdbException;
import io.ppdb.kv.StoreOptions;
import io.ppdb.kv.TransactionOptions;
import io.ppdb.kv.memory.MemoryEngine;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.math.BigDecimal;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.tinkerpop.gremlin.process.traversal.P;
import org.apache.tinkerpop.gremlin.process.traversal.TextP;
import org.apache.tinkerpop.gremlin.process.traversal.dsl.graph.GraphTraversal;
import org.apache.tinkerpop.gremlin.process.traversal.dsl.graph.GraphTraversalSource;
import org.apache.tinkerpop.gremlin.structure.T;
import org.apache.tinkerpop.gremlin.structure.Vertex;
import org.apache.tinkerpop.gremlin.structure.VertexProperty;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Which index a traversal reads, and that it gives what a scan gives. */
class IndexFoldingTest {
  private final KeyValueStore store = new MemoryEngine().open("", StoreOptions.DEFAULT);
  private final PpdbGraph graph = PpdbGraph.open(store);
  private final GraphTraversalSource g = graph.traversal();

  @BeforeEach
  void load() {
    String[] codes = {"SEA", "SFO", "SAN", "BOS", "JFK"};
    for (int i = 0; i < codes.length; i++) {
      graph.addVertex(T.label, "airport", "code", codes[i], "size", 10 * i);
    }
    graph.addVertex(T.label, "city", "code", "SEA", "size", 15.5);
    graph.addVertex(T.label, "city", "code", List.of("SEA"), "size", "big");
    graph.tx().commit();
  }

  @AfterEach
  void close() {
    graph.close();
    store.close();
  }

  @Test
  void withoutAnIndexALabelIsScanned() {
    assertPlan(g.V().has("airport", "code", "SEA"), "label airport");
    assertPlan(g.V().has("code", "SEA"), "all");
  }

  @Test
  void oneValueIsReadFromTheIndexOfTheLabel() {
    graph.createIndex("airport", "code");
    assertPlan(g.V().has("airport", "code", "SEA"), "index v_airport_code");
    assertThat(g.V().has("airport", "code", "SEA").values("size").toList()).containsExactly(0);
    // Without the label the index does not have all of them.
    assertPlan(g.V().has("code", "SEA"), "all");
    assertThat(g.V().has("code", "SEA").count().next()).isEqualTo(2);
  }

  @Test
  void anIndexOverAllLabelsTestsTheLabelItself() {
    graph.createIndex(null, "code");
    assertPlan(g.V().has("code", "SEA"), "index v_code");
    assertThat(g.V().has("code", "SEA").count().next()).isEqualTo(2);
    assertThat(g.V().has("city", "code", "SEA").count().next()).isEqualTo(1);
  }

  @Test
  void aUniqueIndexIsPreferred() {
    graph.createIndex(GraphIndex.vertices("airport", "size"));
    graph.createIndex(GraphIndex.vertices("airport", "code").unique());
    assertPlan(
        g.V().hasLabel("airport").has("size", 10).has("code", "SFO"), "index v_airport_code");
    assertThat(g.V().hasLabel("airport").has("size", 10).has("code", "SFO").count().next())
        .isEqualTo(1);
    assertThat(g.V().hasLabel("airport").has("size", 11).has("code", "SFO").hasNext()).isFalse();
  }

  @Test
  void rangesPrefixesAndSetsAreRead() {
    graph.createIndex(null, "code");
    graph.createIndex(null, "size");
    assertPlan(g.V().has("code", TextP.startingWith("S")), "index v_code");
    assertThat(g.V().has("code", TextP.startingWith("S")).count().next()).isEqualTo(4);
    assertThat(g.V().has("code", TextP.startingWith("SF")).count().next()).isEqualTo(1);
    assertThat(g.V().has("code", P.within("BOS", "JFK", "XXX")).count().next()).isEqualTo(2);
    assertThat(g.V().has("code", P.gt("SAN")).count().next()).isEqualTo(3);
    assertThat(g.V().has("code", P.lte("JFK")).count().next()).isEqualTo(2);
    assertPlan(g.V().has("size", P.between(10, 30)), "index v_size");
    assertThat(g.V().has("size", P.between(10, 30)).values("size").toList())
        .containsExactlyInAnyOrder(10, 20, 15.5);
    assertThat(g.V().has("size", P.inside(10, 20)).values("size").toList()).containsExactly(15.5);
    assertThat(g.V().has("size", P.gt(15.5)).count().next()).isEqualTo(3);
    assertThat(g.V().has("size", P.lt(0)).hasNext()).isFalse();
  }

  @Test
  void numbersAreEqualWhateverTheirType() {
    graph.createIndex(null, "size");
    assertThat(g.V().has("size", 10L).count().next()).isEqualTo(1);
    assertThat(g.V().has("size", 10.0).count().next()).isEqualTo(1);
    assertThat(g.V().has("size", new BigDecimal("10.00")).count().next()).isEqualTo(1);
    assertThat(g.V().has("size", new BigDecimal("15.5")).count().next()).isEqualTo(1);
    assertThat(g.V().has("size", 15.5f).count().next()).isEqualTo(1);
  }

  @Test
  void valuesThatAnIndexDoesNotHoldAreScannedFor() {
    graph.createIndex(null, "code");
    assertPlan(g.V().has("code", List.of("SEA")), "all");
    assertThat(g.V().has("code", P.eq(List.of("SEA"))).count().next()).isEqualTo(1);
  }

  @Test
  void instantsAreComparedAsInstants() {
    graph.createIndex(null, "at");
    OffsetDateTime noon = OffsetDateTime.parse("2001-02-03T12:00:00.000000001Z");
    graph.addVertex(T.label, "event", "at", noon);
    graph.addVertex(T.label, "event", "at", noon.plusNanos(1));
    assertThat(g.V().has("at", noon).count().next()).isEqualTo(1);
    assertThat(g.V().has("at", P.gt(noon)).count().next()).isEqualTo(1);
    assertThat(g.V().has("at", P.gte(noon)).count().next()).isEqualTo(2);
  }

  @Test
  void changesAreInTheIndexBeforeTheyAreCommitted() {
    graph.createIndex("airport", "code");
    Vertex v = g.V().has("airport", "code", "BOS").next();
    v.property("code", "BED");
    assertThat(g.V().has("airport", "code", "BOS").hasNext()).isFalse();
    assertThat(g.V().has("airport", "code", "BED").hasNext()).isTrue();
    v.property("code").remove();
    assertThat(g.V().has("airport", "code", "BED").hasNext()).isFalse();
    g.V().has("airport", "code", "JFK").drop().iterate();
    assertThat(g.V().has("airport", "code", "JFK").hasNext()).isFalse();
    graph.tx().rollback();
    assertThat(g.V().has("airport", "code", P.within("BOS", "JFK")).count().next()).isEqualTo(2);
  }

  @Test
  void aVertexWithSeveralValuesComesOnce() {
    graph.createIndex(null, "name");
    Vertex v = graph.addVertex("person");
    v.property(VertexProperty.Cardinality.list, "name", "Ann");
    v.property(VertexProperty.Cardinality.list, "name", "Anna");
    assertThat(g.V().has("name", TextP.startingWith("Ann")).count().next()).isEqualTo(1);
    assertThat(g.V().has("name", "Anna").count().next()).isEqualTo(1);
    // Each predicate is satisfied by another value.
    assertThat(g.V().has("name", P.lt("Anna")).has("name", P.gt("Ann")).count().next())
        .isEqualTo(1);
    v.properties("name").next().remove();
    assertThat(g.V().has("name", "Ann").hasNext()).isFalse();
  }

  @Test
  void edgesHaveIndexesToo() {
    Vertex a = g.V().has("airport", "code", "SEA").next();
    Vertex b = g.V().has("airport", "code", "BOS").next();
    a.addEdge("route", b, "dist", 2489);
    graph.tx().commit();
    graph.createIndex(GraphIndex.edges("route", "dist"));
    a.addEdge("route", b, "dist", 3000);
    a.addEdge("walk", b, "dist", 3000);
    assertPlan(g.E().has("route", "dist", P.gt(2500)), "index e_route_dist");
    assertThat(g.E().has("route", "dist", P.gt(2500)).count().next()).isEqualTo(1);
    assertThat(g.E().has("route", "dist", 2489).inV().values("code").toList())
        .containsExactly("BOS");
    g.E().has("route", "dist", 3000).property("dist", 1).iterate();
    assertThat(g.E().has("route", "dist", 3000).hasNext()).isFalse();
    assertThat(g.E().has("route", "dist", 1).hasNext()).isTrue();
  }

  @Test
  void duplicatesForbidAUniqueIndexAndLeaveNothingBehind() {
    assertThatThrownBy(() -> graph.createIndex(GraphIndex.vertices(null, "code").unique()))
        .isInstanceOfSatisfying(
            PpdbException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNIQUE_VIOLATION));
    assertThat(graph.indexes()).isEmpty();
    graph.addVertex(T.label, "city", "code", "SEA");
    graph.tx().commit();
    graph.createIndex(GraphIndex.vertices("airport", "code").unique());
    assertThat(graph.indexes()).containsExactly(GraphIndex.vertices("airport", "code").unique());
  }

  @Test
  void aDroppedIndexIsNotReadAnyMore() {
    graph.createIndex(null, "code");
    assertThatThrownBy(() -> graph.createIndex(null, "code"))
        .hasMessageContaining("already exists");
    graph.dropIndex("v_code");
    assertPlan(g.V().has("code", "SEA"), "all");
    assertThatThrownBy(() -> graph.dropIndex("v_code")).hasMessageContaining("not there");
    assertThat(g.V().has("code", "SEA").count().next()).isEqualTo(2);
  }

  @Test
  void anIndexThatIsDroppedWhileItIsBuiltStaysDropped() {
    AtomicBoolean dropped = new AtomicBoolean();
    KeyValueStore dropping =
        (KeyValueStore)
            Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {KeyValueStore.class},
                (proxy, method, arguments) -> {
                  Object result;
                  try {
                    result = method.invoke(store, arguments);
                  } catch (InvocationTargetException e) {
                    throw e.getTargetException();
                  }
                  boolean backfilled =
                      method.getName().equals("transact")
                          && arguments[0] instanceof TransactionOptions options
                          && options.origin() == CommitOrigin.MAINTENANCE;
                  if (backfilled && dropped.compareAndSet(false, true)) {
                    graph.dropIndex("v_airport_code");
                  }
                  return result;
                });
    PpdbGraph building = PpdbGraph.open(dropping);
    assertThatThrownBy(() -> building.createIndex(GraphIndex.vertices("airport", "code")))
        .hasMessageContaining("was dropped while it was being built");
    assertThat(graph.indexes()).isEmpty();
  }

  @Test
  void anIndexIsNotMadeOverUncommittedWrites() {
    graph.addVertex("x");
    assertThatThrownBy(() -> graph.createIndex(null, "code"))
        .isInstanceOfSatisfying(
            PpdbException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.ACTIVE_TRANSACTION));
  }

  @Test
  void countsReadCounters() {
    assertThat(lastStep(g.V().count())).contains("CounterStep");
    assertThat(lastStep(g.V().hasLabel("airport").count())).contains("CounterStep");
    assertThat(g.V().hasLabel("airport", "city").count().next()).isEqualTo(7);
    assertThat(g.V().hasLabel("nothing").count().next()).isZero();
    g.V().hasLabel("city").drop().iterate();
    assertThat(g.V().count().next()).isEqualTo(5);
  }

  @Test
  void countsOfHopsReadKeysOnly() {
    assertThat(lastStep(g.V().out("route").out().count())).contains("HopsCountStep");
    assertThat(lastStep(g.V().out().dedup().count())).contains("distinct");
    assertThat(lastStep(g.V().out().as("a").out().count())).contains("HopsCountStep");
    assertThat(lastStep(g.V().out().has("code", "SEA").count())).doesNotContain("HopsCountStep");
  }

  private void assertPlan(GraphTraversal<?, ?> traversal, String plan) {
    graph.session();
    assertThat(traversal.explain().toString()).contains(plan);
  }

  private static String lastStep(GraphTraversal<?, ?> traversal) {
    traversal.asAdmin().applyStrategies();
    return traversal.asAdmin().getEndStep().toString();
  }
}
