package io.ppdb.server.gremlin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ppdb.database.Database;
import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.PpdbException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class GremlinSessionTest {
  private final Database database = Database.openMemory("gremlin-session-test");
  private final GremlinSession session = new GremlinSession(database);

  @BeforeEach
  void build() {
    boolean linked =
        session.build(
            graph -> {
              graph.addAirport("SEA", "Seattle", "US");
              graph.addAirport("LHR", "London", null);
              assertThat(graph.addRoute("SEA", "XXX", 1)).isFalse();
              return graph.addRoute("SEA", "LHR", 4783);
            });
    assertThat(linked).isTrue();
  }

  @AfterEach
  void close() {
    database.close();
  }

  @Test
  void resultsArePlainValues() {
    assertThat(session.execute("g.V().count()")).containsExactly(2L);
    assertThat(session.execute("g.V().has('airport','code','SEA').out('route').values('city')"))
        .containsExactly("London");
    assertThat(session.execute("g.V().values('code').order().fold()"))
        .containsExactly(List.of("LHR", "SEA"));
    assertThat(session.execute("g.V().has('code','nowhere')")).isEmpty();
  }

  @Test
  void elementsBecomeMaps() {
    assertThat(one("g.V().has('code','SEA')"))
        .containsOnlyKeys("id", "label", "code", "city", "country")
        .containsEntry("label", "airport")
        .containsEntry("city", "Seattle");
    assertThat(one("g.E()"))
        .containsOnlyKeys("id", "label", "outV", "inV", "dist")
        .containsEntry("dist", 4783);
    assertThat(session.execute("g.V().has('code','SEA').out().path().by('code')"))
        .containsExactly(List.of("SEA", "LHR"));
    assertThat(session.execute("g.V().groupCount().by('country')").size()).isEqualTo(1);
    assertThat(session.execute("g.V().has('code','SEA').project('c').by('code').toList()"))
        .containsExactly(Map.of("c", "SEA"));
  }

  @Test
  void writesAreCommitted() {
    session.execute("g.addV('airport').property('code','AUS')");
    assertThat(session.execute("g.V().count()")).containsExactly(3L);
  }

  @Test
  void whatIsNoTraversalIsRefusedWithItsPosition() {
    assertThatThrownBy(() -> session.execute("g.V().frobnicate()"))
        .isInstanceOfSatisfying(
            PpdbException.class,
            e -> {
              assertThat(e.code()).isEqualTo(ErrorCode.SYNTAX_ERROR);
              assertThat(e).hasMessageStartingWith("Gremlin, line 1, column 7: ");
            });
  }

  @SuppressWarnings("unchecked")
  private Map<String, Object> one(String gremlin) {
    List<Object> results = session.execute(gremlin);
    assertThat(results).hasSize(1);
    return (Map<String, Object>) results.get(0);
  }
}
