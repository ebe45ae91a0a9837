package io.ppdb.suites.logic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class SampleTest {
  @Test
  void theSeedsTogetherHaveEachQueryOnce() {
    for (int query = 0; query < 100; query++) {
      int number = query;
      assertThat(
              LongStream.range(0, 7)
                  .filter(seed -> new Sample(7, seed).contains("test/select1.test", number)))
          .hasSize(1);
    }
  }

  @Test
  void oneSeedBeginsElsewhereInEachFile() {
    assertThat(
            IntStream.range(0, 50)
                .filter(file -> new Sample(7, 1).contains("test/" + file + ".test", 0)))
        .hasSizeBetween(1, 49);
  }

  @Test
  void aSampleOfNothingIsRefused() {
    assertThatThrownBy(() -> new Sample(0, 1)).hasMessage("one query in 0 is no sample");
  }
}
