package io.ppdb.kv.sync;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class LeakDetectorTest {
  @Test
  void whatIsClosedIsNotOpen() {
    long begin = LeakDetector.openingCount();
    LeakDetector.Opening opening = LeakDetector.opened("thing");
    opening.closed();
    opening.closed();
    assertThat(opening.isOpen()).isFalse();
    assertThat(LeakDetector.openSince(begin)).isEmpty();
  }

  @Test
  void whatWasOpenedSinceIsInOrder() {
    LeakDetector.Opening before = LeakDetector.opened("thing from before");
    long begin = LeakDetector.openingCount();
    LeakDetector.Opening first = LeakDetector.opened("thing");
    LeakDetector.Opening second = LeakDetector.opened("thing");
    assertThat(LeakDetector.openSince(begin)).isEqualTo(List.of(first, second));
    first.closed();
    assertThat(LeakDetector.openSince(begin)).isEqualTo(List.of(second));
    second.closed();
    assertThat(before.isOpen()).isTrue();
    before.closed();
  }

  @Test
  void openingSaysWhatWhereAndByWhom() {
    LeakDetector.Opening opening = LeakDetector.opened("thing");
    assertThat(opening.isBy(Thread.currentThread())).isTrue();
    Threads.run(1, thread -> assertThat(opening.isBy(Thread.currentThread())).isFalse());
    opening.closed();
    assertThat(opening.place())
        .hasMessage("a thing opened by thread " + Thread.currentThread().getName())
        .hasStackTraceContaining("openingSaysWhatWhereAndByWhom");
  }
}
