package io.ppdb.bench.tpch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ResultRowsTest {
  @Test
  void sumsAreComparedExactly() {
    assertThat(difference("n:37734107.00", "n:37734107")).isNull();
    assertThat(difference("n:37734107.01", "n:37734107.02")).contains("row 1");
  }

  @Test
  void quotientsAreComparedToTheDigitsThatBothHave() {
    assertThat(difference("n:25.5220058532573370", "n:25.522005853257337")).isNull();
    assertThat(difference("n:25.5220058532573370", "n:25.522005853257339")).isNotNull();
  }

  @Test
  void floatingPointNumbersAreComparedWithTolerance() {
    assertThat(difference("d:25.522005853257337", "n:25.5220058532573370")).isNull();
    assertThat(difference("d:25.52", "n:25.53")).isNotNull();
  }

  @Test
  void nullEqualsNullOnly() {
    assertThat(difference("-", "-")).isNull();
    assertThat(difference("-", "n:0")).isNotNull();
  }

  @Test
  void differentNumbersOfRowsAreADifference() {
    assertThat(ResultRows.difference(List.of("n:1"), List.of())).isEqualTo("1 rows and 0 rows");
  }

  private static @Nullable String difference(String left, String right) {
    return ResultRows.difference(List.of("s:A|" + left), List.of("s:A|" + right));
  }
}
