package io.ppdb.kv.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ExpiryHistogramTest {
  private final ExpiryHistogram histogram = new ExpiryHistogram();

  @Test
  void bytesCountAsExpiredWhenTheirBucketIsOverAndNotBefore() {
    histogram.add(256, 1);
    histogram.add(511, 10);
    histogram.add(512, 100);
    assertThat(histogram.expiredBytes(510)).isZero();
    assertThat(histogram.expiredBytes(511)).isEqualTo(11);
    assertThat(histogram.expiredBytes(766)).isEqualTo(11);
    assertThat(histogram.expiredBytes(767)).isEqualTo(111);
  }

  @Test
  void whatIsTakenBackDoesNotExpireBeforeOrAfterItWasDue() {
    histogram.add(100, 5);
    histogram.add(100, 7);
    histogram.add(100, -5);
    assertThat(histogram.expiredBytes(10_000)).isEqualTo(7);
    histogram.add(100, -7);
    assertThat(histogram.expiredBytes(10_000)).isZero();
  }

  @Test
  void whatArrivesExpiredCountsAtOnce() {
    assertThat(histogram.expiredBytes(10_000)).isZero();
    histogram.add(3, 9);
    assertThat(histogram.expiredBytes(10_000)).isEqualTo(9);
  }

  @Test
  void manyBucketsBecomeFewerAndWiderAndNothingExpiresEarlyOrIsLost() {
    Random random = new Random(7);
    long[] expiries = new long[50_000];
    for (int i = 0; i < expiries.length; i++) {
      expiries[i] = random.nextLong(100_000_000_000L);
      histogram.add(expiries[i], 1);
      assertThat(histogram.bucketCount()).isLessThanOrEqualTo(ExpiryHistogram.MAX_BUCKET_COUNT);
    }
    for (long instant = 0; instant < 100_000_000_000L; instant += 9_999_999_999L) {
      long until = instant;
      long truly = Arrays.stream(expiries).filter(e -> e <= until).count();
      assertThat(histogram.expiredBytes(instant)).isBetween(truly - 100, truly);
    }
    assertThat(histogram.expiredBytes(Long.MAX_VALUE - 1)).isEqualTo(expiries.length);
  }
}
