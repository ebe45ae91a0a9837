package io.ppdb.kv.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

class AppliersTest {
  private final Appliers appliers = new Appliers();

  @Test
  void bytesOfManyLargeCommitsDoNotRunIntoTheirCount() {
    long gigabyte = 1L << 30;
    for (int i = 1; i <= 1000; i++) {
      appliers.reserve(gigabyte);
      assertThat(appliers.reservedBytes()).isEqualTo(i * gigabyte);
    }
    for (int i = 999; i >= 0; i--) {
      appliers.applied(gigabyte);
      assertThat(appliers.reservedBytes()).isEqualTo(i * gigabyte);
    }
    appliers.await();
  }

  @Test
  void waiterWaitsForTheLastOfThemAlsoIfItHasNoBytes() throws Exception {
    appliers.reserve(0);
    appliers.reserve(5);
    Thread waiter = new Thread(appliers::await);
    waiter.start();
    while (waiter.getState() != Thread.State.WAITING) {
      LockSupport.parkNanos(1_000_000);
    }
    appliers.applied(5);
    assertThat(waiter.isAlive()).isTrue();
    appliers.applied(0);
    waiter.join(30_000);
    assertThat(waiter.isAlive()).isFalse();
  }
}
