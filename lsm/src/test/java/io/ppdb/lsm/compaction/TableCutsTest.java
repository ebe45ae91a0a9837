package io.ppdb.lsm.compaction;

import static org.assertj.core.api.Assertions.assertThat;

import io.ppdb.kv.Slice;
import java.util.List;
import org.junit.jupiter.api.Test;

class TableCutsTest {
  private final TableCuts alone = new TableCuts(100);
  private final TableCuts aligned =
      new TableCuts(100).alignedTo(List.of(new byte[] {10}, new byte[] {20}, new byte[] {30}));

  private static Slice key(int first) {
    return new Slice(new byte[] {(byte) first});
  }

  @Test
  void withNothingBelowTablesEndAtTheirSize() {
    assertThat(alone.isBefore(key(1), 99)).isFalse();
    assertThat(alone.isBefore(key(2), 100)).isTrue();
  }

  @Test
  void aTableThatIsHalfFullEndsWhereOneBelowBegins() {
    assertThat(aligned.isBefore(key(9), 50)).isFalse();
    assertThat(aligned.isBefore(key(10), 50)).isTrue();
    assertThat(aligned.isBefore(key(11), 99)).as("behind it").isFalse();
    assertThat(aligned.isBefore(key(21), 50)).as("the first key behind it").isTrue();
  }

  @Test
  void aTableThatIsNotHalfFullGoesOn() {
    assertThat(aligned.isBefore(key(10), 49)).isFalse();
    assertThat(aligned.isBefore(key(11), 60)).as("the next one is waited for").isFalse();
  }

  @Test
  void aTableWaitsForTheNextOneBelowUpToAHalfMore() {
    assertThat(aligned.isBefore(key(5), 149)).isFalse();
    assertThat(aligned.isBefore(key(6), 150)).isTrue();
    assertThat(aligned.isBefore(key(31), 0)).isFalse();
    assertThat(aligned.isBefore(key(32), 100)).as("no other one follows").isTrue();
  }
}
