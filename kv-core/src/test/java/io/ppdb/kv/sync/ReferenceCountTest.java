package io.ppdb.kv.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ReferenceCountTest {
  @Test
  void lastReleaseAndNoOtherDisposes() {
    ReferenceCount count = new ReferenceCount();
    count.retain();
    assertThat(count.count()).isEqualTo(2);
    assertThat(count.release()).isFalse();
    assertThat(count.release()).isTrue();
    assertThat(count.count()).isZero();
  }

  @Test
  void zeroIsFinal() {
    ReferenceCount count = new ReferenceCount();
    count.release();
    assertThat(count.tryRetain()).isFalse();
    assertThatThrownBy(count::retain)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("retained after");
    assertThat(count.count()).isZero();
  }

  @Test
  void releaseBelowZeroFails() {
    ReferenceCount count = new ReferenceCount();
    count.release();
    assertThatThrownBy(count::release)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("released more often");
    assertThat(count.count()).isZero();
  }

  /** A thing that must not be used after it was disposed of. */
  private static final class Shared {
    final ReferenceCount uses = new ReferenceCount();
    final AtomicInteger disposals = new AtomicInteger();

    /** Plain: the count has to order its writes. */
    int work;

    boolean disposed;

    void release() {
      if (uses.release()) {
        disposed = true;
        disposals.incrementAndGet();
      }
    }
  }

  /** Readers race for uses of what its owner lets go of at a random moment. */
  @Test
  void readersThatRaceWithTheLastReleaseGetAWholeThingOrNone() {
    long seed = Threads.seed();
    Random random = new Random(seed);
    for (int round = 0; round < 100; round++) {
      Shared shared = new Shared();
      int ownerDelay = random.nextInt(2000);
      Threads.run(
          3,
          thread -> {
            if (thread == 0) {
              Threads.spin(ownerDelay);
              shared.release();
              return;
            }
            while (shared.uses.tryRetain()) {
              if (shared.disposed) {
                throw new AssertionError("in use and disposed of; seed " + seed);
              }
              if (thread == 1) {
                shared.work++;
                shared.uses.retain(); // with a use at hand, another is always to be had
                shared.release();
              }
              shared.release();
            }
          });
      assertThat(shared.disposals).as("round %d, seed %d", round, seed).hasValue(1);
      assertThat(shared.uses.count()).isZero();
    }
  }
}
