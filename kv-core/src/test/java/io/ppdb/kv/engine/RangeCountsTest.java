package io.ppdb.kv.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.ppdb.kv.KeyRange;
import io.ppdb.kv.Limits;
import io.ppdb.kv.RangeStatistics;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a memtable holds is counted by one thread at a time, and not more often than it must be. */
@Timeout(60)
class RangeCountsTest {
  private static final Horizons NOW = Horizons.everywhere(new Horizon(0, Long.MIN_VALUE));

  private final Memtable memtable = new Memtable();
  private final AtomicInteger walkCount = new AtomicInteger();

  /** The walk with this number waits for {@link #goOn}. */
  private volatile int heldWalk;

  private final CountDownLatch held = new CountDownLatch(1);
  private final CountDownLatch goOn = new CountDownLatch(1);

  private final RangeCounts counts =
      new RangeCounts(
          () -> {
            if (walkCount.incrementAndGet() == heldWalk) {
              held.countDown();
              awaitUnchecked(goOn);
            }
            return memtable.cursor();
          });

  private static void awaitUnchecked(CountDownLatch latch) {
    try {
      assertThat(latch.await(60, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private void add(int count) {
    for (int i = 0; i < count; i++) {
      long version = memtable.entryCount() + 1;
      byte[] key = {(byte) (version >> 8), (byte) version};
      memtable.insert(Entry.put(key, new byte[8], Limits.NO_EXPIRY).withVersion(version));
    }
  }

  private RangeStatistics count() {
    return counts.of(KeyRange.all(), NOW, List.of(), memtable.entryCount(), false);
  }

  @Test
  void rangeIsCountedAgainWhenATenthHasCome() {
    add(100);
    assertThat(count()).isEqualTo(new RangeStatistics(100, 1_000));
    add(10);
    assertThat(count().entryCount()).isEqualTo(100);
    add(1);
    assertThat(count().entryCount()).isEqualTo(111);
    assertThat(walkCount).hasValue(2);
  }

  @Test
  void whoAsksWhileARangeIsCountedForTheFirstTimeWaitsAndDoesNotCount() throws Exception {
    add(100);
    heldWalk = 1;
    CompletableFuture<RangeStatistics> first = CompletableFuture.supplyAsync(this::count);
    awaitUnchecked(held);
    CompletableFuture<RangeStatistics> second = CompletableFuture.supplyAsync(this::count);
    assertThat(isDoneWithin(second, 50)).isFalse();
    goOn.countDown();
    assertThat(first.get().entryCount()).isEqualTo(100);
    assertThat(second.get().entryCount()).isEqualTo(100);
    assertThat(walkCount).hasValue(1);
  }

  @Test
  void whoAsksWhileARangeIsCountedAgainGetsTheCountBefore() throws Exception {
    add(100);
    count();
    add(100);
    heldWalk = 2;
    CompletableFuture<RangeStatistics> again = CompletableFuture.supplyAsync(this::count);
    awaitUnchecked(held);
    assertThat(count().entryCount()).isEqualTo(100);
    goOn.countDown();
    assertThat(again.get().entryCount()).isEqualTo(200);
    assertThat(count().entryCount()).isEqualTo(200);
    assertThat(walkCount).hasValue(2);
  }

  /** Whoever fails to count lets the next one try. */
  @Test
  void rangeThatCouldNotBeCountedIsCountedByTheNext() {
    AtomicInteger openings = new AtomicInteger();
    RangeCounts failing =
        new RangeCounts(
            () -> {
              if (openings.incrementAndGet() == 1) {
                throw new IllegalStateException("once");
              }
              return memtable.cursor();
            });
    add(1);
    assertThat(
            CompletableFuture.supplyAsync(
                    () -> failing.of(KeyRange.all(), NOW, List.of(), 1, false))
                .handle((statistics, failure) -> failure != null)
                .join())
        .isTrue();
    assertThat(failing.of(KeyRange.all(), NOW, List.of(), 1, false).entryCount()).isEqualTo(1);
  }

  private static boolean isDoneWithin(CompletableFuture<?> future, long millis)
      throws InterruptedException, ExecutionException {
    try {
      future.get(millis, TimeUnit.MILLISECONDS);
      return true;
    } catch (TimeoutException e) {
      return false;
    }
  }
}
