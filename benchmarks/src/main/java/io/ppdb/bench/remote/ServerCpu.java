package io.ppdb.bench.remote;

import java.time.Duration;
import java.util.stream.Stream;

/** The CPU time of a server: that of its process and of those it has started. */
final class ServerCpu {
  private final ProcessHandle server;

  ServerCpu(long pid) {
    this.server =
        ProcessHandle.of(pid)
            .orElseThrow(() -> new IllegalArgumentException("no process " + pid + " runs"));
  }

  /** So far, in nanoseconds; processes that have ended do not count. */
  long nanos() {
    return Stream.concat(Stream.of(server), server.descendants())
        .map(each -> each.info().totalCpuDuration().orElse(Duration.ZERO))
        .mapToLong(Duration::toNanos)
        .sum();
  }
}
