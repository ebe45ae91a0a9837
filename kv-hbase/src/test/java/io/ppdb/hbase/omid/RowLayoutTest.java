package io.ppdb.hbase.omid;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

class RowLayoutTest {
  private static boolean isTombstone(byte[] cell, boolean mayBeLength) {
    return RowLayout.isTombstone(cell, 0, cell.length, mayBeLength);
  }

  @Test
  void deletionIsToldFromAnyValueAndFromTheLengthOfOne() {
    assertThat(isTombstone(new byte[0], false)).isTrue();
    assertThat(isTombstone(new byte[0], true)).isTrue();
    assertThat(isTombstone(ByteBuffer.allocate(4).putInt(0).array(), true)).isTrue();
    for (int length = 0; length < 6; length++) {
      byte[] cell = RowLayout.value(new byte[length]); // of zeros
      assertThat(isTombstone(cell, false)).as("value of %d bytes", length).isFalse();
      assertThat(isTombstone(cell, true)).as("value of %d bytes", length).isFalse();
      byte[] cellLength = ByteBuffer.allocate(4).putInt(cell.length).array();
      assertThat(isTombstone(cellLength, true)).as("length of %d bytes", length).isFalse();
      assertThat(RowLayout.readValue(cell, 0, cell.length)).isEqualTo(new byte[length]);
    }
  }
}
