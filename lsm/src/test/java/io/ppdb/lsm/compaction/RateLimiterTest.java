package io.ppdb.lsm.compaction;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class RateLimiterTest {
  private static final long MILLI = TimeUnit.MILLISECONDS.toNanos(1);

  private final AtomicLong time = new AtomicLong(5_000 * MILLI);

  @Test
  void whatATenthOfASecondBringsIsThereAtOnceAndTheRestLater() {
    RateLimiter limiter = new RateLimiter(1_000_000, time::get);
    assertThat(limiter.take(100_000, time.get())).as("a full bucket").isEqualTo(time.get());
    assertThat(limiter.take(50_000, time.get())).isEqualTo(time.get() + 50 * MILLI);
    assertThat(limiter.take(10_000, time.get())).isEqualTo(time.get() + 60 * MILLI);
  }

  @Test
  void theBucketDoesNotHoldMoreAfterALongPause() {
    RateLimiter limiter = new RateLimiter(1_000_000, time::get);
    long later = time.get() + 60_000 * MILLI;
    assertThat(limiter.take(1_100_000, later)).isEqualTo(later + 1_000 * MILLI);
  }

  @Test
  void whoeverWaitsGoesOnWhenItIsClosed() throws InterruptedException {
    RateLimiter limiter = new RateLimiter(1);
    CountDownLatch started = new CountDownLatch(1);
    Thread waiting =
        new Thread(
            () -> {
              started.countDown();
              limiter.acquire(1_000_000);
            });
    waiting.start();
    started.await();
    limiter.close();
    waiting.join(TimeUnit.MINUTES.toMillis(1));
    assertThat(waiting.isAlive()).isFalse();
  }

  @Test
  void waitingIsCounted() {
    RateLimiter limiter = new RateLimiter(100_000_000);
    limiter.acquire(12_000_000);
    assertThat(limiter.waitedNanos()).isGreaterThanOrEqualTo(19 * MILLI);
  }

  @Test
  void withoutALimitNobodyWaits() {
    RateLimiter limiter = new RateLimiter(CompactionOptions.UNLIMITED);
    limiter.acquire(Long.MAX_VALUE);
    assertThat(limiter.waitedNanos()).isZero();
  }
}
