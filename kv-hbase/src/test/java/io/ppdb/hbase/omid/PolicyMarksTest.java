package io.ppdb.hbase.omid;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class PolicyMarksTest {
  private static final PolicyMarks MARKS = new PolicyMarks(List.of(5L, 1L << 60));

  @Test
  void bytesAreReadAsTheyWereWritten() {
    assertThat(PolicyMarks.read(MARKS.toBytes())).isEqualTo(MARKS);
    assertThat(PolicyMarks.read(PolicyMarks.NONE.toBytes())).isEqualTo(PolicyMarks.NONE);
  }

  @Test
  void onesMarkComesAndGoesBesideOthers() {
    PolicyMarks more = MARKS.with(7);
    assertThat(more.contains(7)).isTrue();
    assertThat(more.without(7)).isEqualTo(MARKS);
    assertThat(MARKS.without(7)).isEqualTo(MARKS);
    assertThat(MARKS.contains(7)).isFalse();
  }

  @Test
  void markOlderThanItsLifeIsDead() {
    PolicyMarks marks = new PolicyMarks(List.of(100L, 101L));
    assertThat(marks.alive(100 + PolicyMarks.LIFE)).isEqualTo(marks);
    assertThat(marks.alive(101 + PolicyMarks.LIFE).marks()).containsExactly(101L);
    assertThat(marks.alive(102 + PolicyMarks.LIFE).isEmpty()).isTrue();
  }
}
