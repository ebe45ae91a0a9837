package io.ppdb.graph.tinkerpop;

import static org.assertj.core.api.Assertions.assertThat;

import io.ppdb.kv.sync.LeakDetector;
import org.junit.rules.ExternalResource;

/**
 * For suites of JUnit 4, which extensions of Jupiter do not watch: nothing is left open after all.
 */
public final class LeakRule extends ExternalResource {
  private long begin;

  @Override
  protected void before() {
    begin = LeakDetector.openingCount();
  }

  @Override
  protected void after() {
    assertThat(LeakDetector.openSince(begin))
        .as("what is open after the suite")
        .extracting(LeakDetector.Opening::place)
        .isEmpty();
  }
}
