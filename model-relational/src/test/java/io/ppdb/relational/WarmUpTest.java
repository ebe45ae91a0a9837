package io.ppdb.relational;

import static org.assertj.core.api.Assertions.assertThatCode;

import org.junit.jupiter.api.Test;

class WarmUpTest {
  @Test
  void everyStatementRuns() {
    assertThatCode(WarmUp::run).doesNotThrowAnyException();
  }
}
