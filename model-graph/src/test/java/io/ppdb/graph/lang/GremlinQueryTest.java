package io.ppdb.graph.lang;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ppdb.graph.PpdbGraph;
import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.KeyValueStore;
import io.ppdb.kv.PpdbException;
import io.ppdb.kv.StoreOptions;
import io.ppdb.kv.memory.MemoryEngine;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.tinkerpop.gremlin.structure.T;
import org.apache.tinkerpop.gremlin.structure.Vertex;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class GremlinQueryTest {
  private final KeyValueStore store = new MemoryEngine().open("", StoreOptions.DEFAULT);
  private final PpdbGraph graph = PpdbGraph.open(store);

  @BeforeEach
  void load() {
    Vertex seattle = graph.addVertex(T.label, "airport", "code", "SEA", "runways", 3, "lat", 47.4);
    Vertex boston = graph.addVertex(T.label, "airport", "code", "BOS", "runways", 6, "lat", 42.3);
    Vertex tokyo = graph.addVertex(T.label, "airport", "code", "NRT", "runways", 2);
    seattle.addEdge("route", boston, "dist", 2489L);
    seattle.addEdge("route", tokyo, "dist", 4760L);
    graph.tx().commit();
  }

  @AfterEach
  void close() {
    graph.close();
    store.close();
  }

  @Test
  void valuesGiveOneColumnOfTheTypeOfTheirKey() {
    GremlinQuery query =
        GremlinQuery.parse("g.V().has('airport','code','SEA').out('route').values('code')");
    assertThat(query.columns(graph))
        .containsExactly(new GremlinColumn("code", GremlinColumn.Type.STRING));
    assertThat(rows(query)).containsExactlyInAnyOrder(List.of("BOS"), List.of("NRT"));
  }

  @Test
  void doubleQuotesQuoteAsWell() {
    GremlinQuery query =
        GremlinQuery.parse("g.V().has(\"airport\",\"code\",\"SEA\").values('lat')");
    assertThat(query.columns(graph))
        .containsExactly(new GremlinColumn("lat", GremlinColumn.Type.DOUBLE));
    assertThat(rows(query)).containsExactly(List.of(47.4));
  }

  @Test
  void countIsABigint() {
    GremlinQuery query = GremlinQuery.parse("g.E().hasLabel('route').count()");
    assertThat(query.columns(graph))
        .containsExactly(new GremlinColumn("count", GremlinColumn.Type.BIGINT));
    assertThat(rows(query)).containsExactly(List.of(2L));
  }

  @Test
  void projectGivesAColumnForEachKey() {
    GremlinQuery query =
        GremlinQuery.parse(
            "g.V().hasLabel('airport').project('code','routes','far').by('code')"
                + ".by(outE('route').count()).by(outE('route').values('dist').max())"
                + ".order().by(select('code')).limit(2)");
    assertThat(query.columns(graph))
        .containsExactly(
            new GremlinColumn("code", GremlinColumn.Type.STRING),
            new GremlinColumn("routes", GremlinColumn.Type.BIGINT),
            new GremlinColumn("far", GremlinColumn.Type.BIGINT));
    List<List<Object>> rows = rows(query);
    assertThat(rows).hasSize(2);
    assertThat(rows.get(0)).containsExactly("BOS", 0L, "null");
  }

  @Test
  void elementMapGivesIdLabelAndTheKeysAskedFor() {
    GremlinQuery query = GremlinQuery.parse("g.V().has('code','BOS').elementMap('code','runways')");
    assertThat(query.columns(graph))
        .containsExactly(
            new GremlinColumn("id", GremlinColumn.Type.BIGINT),
            new GremlinColumn("label", GremlinColumn.Type.STRING),
            new GremlinColumn("code", GremlinColumn.Type.STRING),
            new GremlinColumn("runways", GremlinColumn.Type.INTEGER));
    assertThat(rows(query).get(0).subList(1, 4)).containsExactly("airport", "BOS", 6);
  }

  @Test
  void valueMapListsOfOneValueAreThatValue() {
    GremlinQuery query = GremlinQuery.parse("g.V().has('code','SEA').valueMap('runways')");
    assertThat(query.columns(graph))
        .containsExactly(new GremlinColumn("runways", GremlinColumn.Type.INTEGER));
    assertThat(rows(query)).containsExactly(List.of(3));
  }

  @Test
  void analysisRunsNothing() {
    GremlinQuery query = GremlinQuery.parse("g.addV('airport').property('code','X').iterate()");
    query.columns(graph);
    assertThat(graph.traversal().V().count().next()).isEqualTo(3);
  }

  @Test
  void terminalStepsGiveTheirResults() {
    assertThat(all(GremlinQuery.parse("g.V().values('code').toList()"))).hasSize(3);
    assertThat(all(GremlinQuery.parse("g.V().hasNext()"))).containsExactly(true);
  }

  @Test
  void parametersStandForUnquotedNames() {
    GremlinQuery query = GremlinQuery.parse("g.V().has('code', wanted).values('runways')");
    List<Object> results = new ArrayList<>();
    query.run(graph.traversal(), Map.of("wanted", "NRT")).forEachRemaining(results::add);
    assertThat(results).containsExactly(2);
  }

  @Test
  void errorsNameLineAndColumn() {
    assertThatThrownBy(() -> GremlinQuery.parse("g.V()\n .hass('x')"))
        .isInstanceOfSatisfying(
            PpdbException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.SYNTAX_ERROR))
        .hasMessageContaining("line 2, column 3");
    assertThatThrownBy(() -> GremlinQuery.parse("System.exit(1)"))
        .isInstanceOf(PpdbException.class);
    assertThatThrownBy(() -> GremlinQuery.parse(" ")).hasMessageContaining("empty");
  }

  @Test
  void errorsOfRunningAreOurs() {
    GremlinQuery query = GremlinQuery.parse("g.V().values('code').sum()");
    assertThatThrownBy(() -> all(query))
        .isInstanceOfSatisfying(
            PpdbException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT));
  }

  private List<Object> all(GremlinQuery query) {
    List<Object> results = new ArrayList<>();
    query.run(graph).forEachRemaining(results::add);
    return results;
  }

  private List<List<Object>> rows(GremlinQuery query) {
    List<List<Object>> rows = new ArrayList<>();
    query
        .rows(graph)
        .forEachRemaining(
            row -> {
              List<Object> values = new ArrayList<>();
              for (Object value : row) {
                values.add(value == null ? "null" : value);
              }
              rows.add(values);
            });
    return rows;
  }
}
