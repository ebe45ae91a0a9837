package io.ppdb.bench;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;

/**
 * Wall time and process CPU time since it was started.
 *
 * <p>The CPU clock of Linux ticks in hundredths of a second, so what is measured should last a
 * quarter of a second or longer.
 */
public final class Stopwatch {
  private static final OperatingSystemMXBean SYSTEM =
      (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

  private final long startNanos = System.nanoTime();
  private final long startCpuNanos = SYSTEM.getProcessCpuTime();

  public long wallNanos() {
    return System.nanoTime() - startNanos;
  }

  /** What happened since the start, as a measurement. */
  public Measurement stop(long operationCount, String checksum) {
    long wallNanos = wallNanos();
    return new Measurement(
        operationCount, wallNanos, SYSTEM.getProcessCpuTime() - startCpuNanos, checksum);
  }
}
