package io.ppdb.kv.contract;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class DependencyGraphTest {
  private final DependencyGraph graph = new DependencyGraph();

  @Test
  void chainIsNoCycleAndNobodyDependsOnItself() {
    graph.dependency(1, 2);
    graph.dependency(2, 3);
    graph.antiDependency(1, 3);
    graph.dependency(2, 2);
    graph.antiDependency(3, 3);
    assertThat(graph.cycle()).isNull();
    assertThat(graph.cycleWithAtMostOneAntiDependency()).isNull();
  }

  @Test
  void cycleOfDependenciesIsForbiddenEverywhere() {
    graph.dependency(1, 2);
    graph.dependency(2, 3);
    graph.dependency(3, 1);
    assertThat(graph.cycle()).containsExactlyInAnyOrder(1, 2, 3);
    assertThat(graph.cycleWithAtMostOneAntiDependency()).containsExactlyInAnyOrder(1, 2, 3);
  }

  @Test
  void cycleWithOneAntiDependencyIsForbiddenUnderSnapshotIsolation() {
    graph.dependency(1, 2);
    graph.dependency(2, 3);
    graph.antiDependency(3, 1);
    assertThat(graph.cycle()).containsExactlyInAnyOrder(1, 2, 3);
    assertThat(graph.cycleWithAtMostOneAntiDependency()).containsExactly(1, 2, 3);
  }

  @Test
  void twoAntiDependenciesMakeWriteSkewWhichSnapshotIsolationAllows() {
    graph.antiDependency(1, 2);
    graph.antiDependency(2, 1);
    graph.dependency(5, 1);
    graph.dependency(2, 6);
    assertThat(graph.cycle()).containsExactlyInAnyOrder(1, 2);
    assertThat(graph.cycleWithAtMostOneAntiDependency()).isNull();
  }
}
