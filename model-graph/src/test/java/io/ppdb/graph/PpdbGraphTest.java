package io.ppdb.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.KeyValueStore;
import io.ppdb.kv.PpdbException;
import io.ppdb.kv.StoreOptions;
import io.ppdb.kv.Transaction;
import io.ppdb.kv.memory.MemoryEngine;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.apache.tinkerpop.gremlin.process.traversal.dsl.graph.GraphTraversalSource;
import org.apache.tinkerpop.gremlin.structure.Edge;
import org.apache.tinkerpop.gremlin.structure.T;
import org.apache.tinkerpop.gremlin.structure.Vertex;
import org.apache.tinkerpop.gremlin.structure.VertexProperty;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PpdbGraphTest {
  private final KeyValueStore store = new MemoryEngine().open("", StoreOptions.DEFAULT);
  private PpdbGraph graph = PpdbGraph.open(store);
  private GraphTraversalSource g = graph.traversal();

  @BeforeEach
  void openGraph() {
    graph = PpdbGraph.open(store);
    g = graph.traversal();
  }

  @AfterEach
  void closeStore() {
    graph.close();
    store.close();
  }

  @Test
  void committedElementsAreThereForTheNextInstance() {
    Vertex seattle = graph.addVertex(T.label, "airport", "code", "SEA", "runways", 3);
    Vertex boston = graph.addVertex(T.label, "airport", "code", "BOS");
    seattle.addEdge("route", boston, "dist", 2489);
    graph.tx().commit();
    graph.close();

    graph = PpdbGraph.open(store);
    g = graph.traversal();
    assertThat(g.V().hasLabel("airport").values("code").toList())
        .containsExactlyInAnyOrder("SEA", "BOS");
    assertThat(g.V().has("code", "SEA").out("route").values("code").toList())
        .containsExactly("BOS");
    assertThat(g.V().has("code", "BOS").inE("route").values("dist").toList()).containsExactly(2489);
    assertThat(g.V().has("code", "SEA").values("runways").next()).isEqualTo(3);
  }

  @Test
  void rollbackTakesEverythingBack() {
    graph.addVertex("airport");
    graph.tx().commit();
    Vertex lost = graph.addVertex("airport");
    lost.addEdge("route", lost);
    assertThat(g.V().count().next()).isEqualTo(2);
    graph.tx().rollback();
    assertThat(g.V().count().next()).isEqualTo(1);
    assertThat(g.E().count().next()).isZero();
    assertThatThrownBy(() -> lost.property("code", "X")).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void removingAVertexRemovesItsEdges() {
    Vertex a = graph.addVertex("n");
    Vertex b = graph.addVertex("n");
    a.addEdge("e", b);
    b.addEdge("e", a);
    a.addEdge("loop", a);
    graph.tx().commit();
    a.remove();
    assertThat(g.E().count().next()).isZero();
    assertThat(g.V(b.id()).both().count().next()).isZero();
    graph.tx().commit();
    assertThat(g.V().toList()).containsExactly(b);
    assertThat(g.E().hasLabel("loop").hasNext()).isFalse();
  }

  @Test
  void aLoopIsSeenFromBothSides() {
    Vertex a = graph.addVertex("n");
    a.addEdge("loop", a);
    assertThat(g.V(a.id()).out().count().next()).isEqualTo(1);
    assertThat(g.V(a.id()).both().count().next()).isEqualTo(2);
  }

  @Test
  void aPropertyChangedThroughOneObjectIsSeenThroughAnother() {
    Vertex one = graph.addVertex("n");
    Vertex other = graph.vertices(one.id()).next();
    assertThat(other.property("x").isPresent()).isFalse();
    one.property("x", 1);
    assertThat(other.<Integer>value("x")).isEqualTo(1);
    other.property("x", 2L);
    assertThat(one.<Long>value("x")).isEqualTo(2L);
    one.property("x").remove();
    assertThat(other.keys()).isEmpty();
  }

  @Test
  void listsAndMetaPropertiesKeepTheirIdentity() {
    Vertex v = graph.addVertex("person");
    v.property(VertexProperty.Cardinality.list, "name", "Ann", "since", 1999);
    v.property(VertexProperty.Cardinality.list, "name", "Anna");
    v.property(VertexProperty.Cardinality.set, "name", "Anna", "since", 2005);
    graph.tx().commit();
    assertThat(g.V().values("name").toList()).containsExactly("Ann", "Anna");
    assertThat(g.V().properties("name").values("since").toList()).containsExactly(1999, 2005);
    v.properties("name").next().remove();
    assertThat(g.V().values("name").toList()).containsExactly("Anna");
    assertThatThrownBy(() -> v.property(VertexProperty.Cardinality.single, "", 1))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void valuesOfEveryTypeComeBackAsTheyWere() {
    List<Object> values =
        List.of(
            true,
            (byte) -1,
            (short) -300,
            -70_000,
            Long.MIN_VALUE,
            1.5f,
            -0.0,
            "é\u0000",
            'x',
            new BigDecimal("-1.20"),
            BigInteger.TEN.pow(30),
            UUID.fromString("00000000-0000-0001-0000-000000000002"),
            OffsetDateTime.parse("2001-02-03T04:05:06.000000007+02:00"),
            LocalDate.of(2001, 2, 3),
            LocalTime.of(1, 2, 3, 4),
            LocalDateTime.of(2001, 2, 3, 4, 5),
            Instant.ofEpochSecond(-5, 6),
            Duration.ofMillis(-1),
            List.of(1, "two", List.of(3.0)),
            Map.of("k", List.of(1)),
            Set.of(7));
    Vertex v = graph.addVertex("n");
    for (int i = 0; i < values.size(); i++) {
      v.property("p" + i, values.get(i));
    }
    v.property("bytes", new byte[] {1, -1});
    v.property("ints", new int[] {1, -70_000});
    v.property("strings", new String[] {"a", ""});
    graph.tx().commit();
    for (int i = 0; i < values.size(); i++) {
      assertThat(v.<Object>value("p" + i)).isEqualTo(values.get(i));
    }
    assertThat(v.<byte[]>value("bytes")).containsExactly(1, -1);
    assertThat(v.<int[]>value("ints")).containsExactly(1, -70_000);
    assertThat(v.<String[]>value("strings")).containsExactly("a", "");
    assertThatThrownBy(() -> v.property("thread", new Object()))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aTextThatUtf8CannotHoldIsRefusedAndNotChanged() {
    Vertex v = graph.addVertex("n");
    for (Object value : List.of("\uD83D", List.of("\uDE00\uD83D"), new String[] {"a", "\uD83D"})) {
      assertThatThrownBy(() -> v.property("p", value)).isInstanceOf(IllegalArgumentException.class);
    }
    v.property("p", "\uD83D\uDE00");
    graph.tx().commit();
    assertThat(v.<String>value("p")).isEqualTo("\uD83D\uDE00");
  }

  @Test
  void aGraphWithinATransactionWritesThereAndCannotEndIt() {
    try (Transaction transaction = store.begin()) {
      PpdbGraph within = graph.within(transaction);
      GraphTraversalSource inner = within.traversal();
      inner.addV("airport").property("code", "SEA").iterate();
      assertThat(inner.V().values("code").toList()).containsExactly("SEA");
      assertThat(g.V().hasNext()).isFalse();
      assertThatThrownBy(() -> within.tx().commit())
          .isInstanceOfSatisfying(
              PpdbException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_STATE));
      within.close();
      transaction.commit();
    }
    graph.tx().rollback();
    assertThat(g.V().values("code").toList()).containsExactly("SEA");
  }

  @Test
  void aThreadedTransactionIsApartFromTheThreads() {
    PpdbGraph threaded = graph.tx().createThreadedTx();
    threaded.addVertex("n");
    assertThat(g.V().hasNext()).isFalse();
    threaded.tx().commit();
    graph.tx().rollback();
    assertThat(g.V().count().next()).isEqualTo(1);
    assertThatThrownBy(() -> threaded.addVertex("n")).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void idsAreNeverReused() {
    Object first = graph.addVertex("n").id();
    graph.tx().rollback();
    assertThat(graph.addVertex("n").id()).isNotEqualTo(first);
    graph.close();
    graph = PpdbGraph.open(store);
    assertThat((Long) graph.addVertex("n").id()).isGreaterThan((Long) first + 1);
  }

  @Test
  void edgesAreFoundByTheirId() {
    Vertex a = graph.addVertex("n");
    Edge first = a.addEdge("x", a);
    Edge second = a.addEdge("y", a, "w", 1);
    graph.tx().commit();
    assertThat(g.E(second.id()).values("w").next()).isEqualTo(1);
    assertThat(g.E(first, second).toList()).containsExactly(first, second);
    assertThat(g.E(-1L).hasNext()).isFalse();
  }

  @Test
  void theIdOfAnEdgeIsNotThatOfAVertex() {
    Vertex a = graph.addVertex("n");
    Edge edge = a.addEdge("x", a);
    assertThat(edge.id()).isEqualTo(a.id());
    assertThat(graph.vertices(edge).hasNext()).isFalse();
    assertThat(graph.edges(a).hasNext()).isFalse();
    assertThat(graph.vertices(a, a.id(), a.id().toString())).toIterable().containsExactly(a, a, a);
  }
}
