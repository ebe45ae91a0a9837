package io.ppdb.kv;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class KeyRangeTest {
  @Test
  void afterPrefixSkipsTrailingMaximalBytes() {
    assertThat(KeyRange.afterPrefix(new byte[] {1, (byte) 0xFF})).isEqualTo(new byte[] {2});
    assertThat(KeyRange.afterPrefix(new byte[] {1, 2})).isEqualTo(new byte[] {1, 3});
  }

  @Test
  void noKeyComesAfterAPrefixOfMaximalBytes() {
    assertThat(KeyRange.afterPrefix(new byte[] {(byte) 0xFF, (byte) 0xFF})).isNull();
    assertThat(KeyRange.prefix(new byte[] {(byte) 0xFF}).contains(new byte[] {(byte) 0xFF, 1}))
        .isTrue();
  }

  @Test
  void rangesThatOnlyTouchDoNotOverlap() {
    KeyRange left = KeyRange.of(new byte[] {1}, new byte[] {2});
    KeyRange right = KeyRange.of(new byte[] {2}, null);
    assertThat(left.overlaps(right)).isFalse();
    assertThat(right.overlaps(left)).isFalse();
    assertThat(KeyRange.all().overlaps(left)).isTrue();
  }
}
