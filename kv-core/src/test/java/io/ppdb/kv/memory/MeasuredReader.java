package io.ppdb.kv.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntConsumer;

/**
 * A thread that reads until it is stopped, and how long its reads have kept it.
 *
 * <p>What the clock says of a read is no use on a machine that others use: it includes the time in
 * which the thread could have run and was not let. What a store can be blamed for is measured
 * instead, and it is all of the rest: the processor time of each read, in which it may have gone
 * round in circles, and the time in which the thread waited for a lock or was parked. The Java
 * machine sums up the latter for a thread; the sum of all its reads is at least the longest of
 * them.
 */
final class MeasuredReader implements AutoCloseable {
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  private final IntConsumer read;
  private final Thread thread = new Thread(this::run, "measured-reader");
  private final AtomicReference<Throwable> failure = new AtomicReference<>();
  private volatile boolean stopping;

  // Written by the thread, read when it has ended.
  private long readCount;
  private final long[] longestNanos = new long[2];
  private long waitedMillis;

  /** Begins to read: {@code read} is given 0, 1, 2, … */
  MeasuredReader(IntConsumer read) {
    this.read = read;
    assertThat(THREADS.isThreadContentionMonitoringSupported()).isTrue();
    THREADS.setThreadContentionMonitoringEnabled(true);
    thread.setDaemon(true);
    thread.start();
  }

  private void run() {
    try {
      for (int i = 0; !stopping; i++) {
        long startNanos = THREADS.getCurrentThreadCpuTime();
        read.accept(i);
        long nanos = THREADS.getCurrentThreadCpuTime() - startNanos;
        readCount++;
        if (nanos > longestNanos[0]) {
          longestNanos[0] = nanos;
          Arrays.sort(longestNanos);
        }
      }
      ThreadInfo self = THREADS.getThreadInfo(thread.getId());
      waitedMillis = self.getBlockedTime() + self.getWaitedTime();
    } catch (Throwable e) {
      failure.set(e);
    }
  }

  /**
   * Stops, and fails if a read failed or may have been kept for more than {@code maxMillis}. One of
   * them may have used the processor for longer: a virtual machine that is stopped does not know.
   */
  void assertKeptForAtMost(long maxMillis) {
    stop();
    System.err.println(
        "KEPT " + waitedMillis + " " + java.util.Arrays.toString(longestNanos) + " " + readCount);
    assertThat(failure.get()).isNull();
    assertThat(readCount).isGreaterThan(100);
    assertThat(waitedMillis).as("all that the reader waited for").isLessThanOrEqualTo(maxMillis);
    assertThat(TimeUnit.NANOSECONDS.toMillis(longestNanos[0]))
        .as("processor time of the longest read but one of %s", readCount)
        .isLessThanOrEqualTo(maxMillis);
  }

  private void stop() {
    stopping = true;
    try {
      thread.join();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public void close() {
    stop();
    THREADS.setThreadContentionMonitoringEnabled(false);
  }
}
