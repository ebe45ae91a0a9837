package io.ppdb.kv.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.MergeOperators;
import io.ppdb.kv.PpdbException;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BitmapContainerTest {
  @Test
  void fewPositionsAreWrittenOneByOne() {
    assertThat(BitmapContainer.of()).containsExactly(0);
    assertThat(BitmapContainer.of(258, 1, 65_535, 1))
        .containsExactly(0, 0, 1, 1, 2, (byte) 0xFF, (byte) 0xFF);
  }

  @Test
  void manyPositionsAreBits() {
    int[] positions = new int[4_097];
    for (int i = 0; i < positions.length; i++) {
      positions[i] = 2 * i + 1;
    }
    byte[] set = BitmapContainer.of(positions);
    assertThat(set).hasSize(8_193).startsWith(1, (byte) 0xAA).endsWith(0);
    assertThat(BitmapContainer.cardinality(set)).isEqualTo(4_097);
  }

  /** Of every pair of forms, over the border between them, against a sorted set. */
  @ParameterizedTest
  @CsvSource({"0,0", "5,0", "300,400", "3000,3000", "4096,1", "1,9000", "9000,20", "9000,30000"})
  void unitesAsASetDoes(int leftCount, int rightCount) {
    Random random = new Random(leftCount * 31L + rightCount);
    int[] left = random.ints(leftCount, 0, BitmapContainer.POSITION_COUNT).toArray();
    int[] right = random.ints(rightCount, 0, BitmapContainer.POSITION_COUNT).toArray();
    TreeSet<Integer> expected = new TreeSet<>();
    for (int[] positions : new int[][] {left, right}) {
      for (int position : positions) {
        expected.add(position);
      }
    }
    byte[] united = BitmapContainer.or(BitmapContainer.of(left), BitmapContainer.of(right));
    assertThat(united)
        .isEqualTo(BitmapContainer.of(expected.stream().mapToInt(i -> i).toArray()))
        .isEqualTo(
            MergeOperators.BITMAP_OR.combine(BitmapContainer.of(right), BitmapContainer.of(left)));
    TreeSet<Integer> seen = new TreeSet<>();
    BitmapContainer.forEach(united, position -> assertThat(seen.add(position)).isTrue());
    assertThat(seen).isEqualTo(expected);
    assertThat(BitmapContainer.cardinality(united)).isEqualTo(expected.size());
    for (int i = 0; i < 1_000; i++) {
      int probe = random.nextInt(BitmapContainer.POSITION_COUNT);
      assertThat(BitmapContainer.contains(united, probe)).isEqualTo(expected.contains(probe));
    }
  }

  @Test
  void neitherOperandIsChanged() {
    byte[] many = BitmapContainer.of(new Random(1).ints(9_000, 0, 65_536).toArray());
    byte[] before = many.clone();
    BitmapContainer.or(many, BitmapContainer.of(1, 2, 3, 4, 5, 6));
    assertThat(many).isEqualTo(before);
  }

  @Test
  void otherBytesAreRefused() {
    for (byte[] wrong : new byte[][] {{}, {0, 1}, {1}, {2, 0, 0}, new byte[8_195]}) {
      assertThatThrownBy(() -> BitmapContainer.or(BitmapContainer.of(), wrong))
          .isInstanceOfSatisfying(
              PpdbException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CORRUPTION))
          .hasMessageContaining("bitmap of " + wrong.length + " bytes");
    }
    for (int position : new int[] {-1, 65_536}) {
      assertThatThrownBy(() -> BitmapContainer.of(3, position))
          .isInstanceOfSatisfying(
              PpdbException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT))
          .hasMessageContaining("position " + position);
    }
  }
}
