package io.ppdb.bench;

import java.util.List;

/**
 * One measured round of one workload on one side.
 *
 * @param operationCount operations done
 * @param wallNanos elapsed time
 * @param cpuNanos CPU time of the whole process meanwhile: background threads and native code too
 * @param checksum a digest of the results, equal on all sides that did the same work rightly
 */
public record Measurement(long operationCount, long wallNanos, long cpuNanos, String checksum) {
  double operationsPerSecond() {
    return operationCount * 1e9 / Math.max(1, wallNanos);
  }

  double cpuMicrosPerOperation() {
    return cpuNanos / 1e3 / operationCount;
  }

  /** This measurement with another checksum: one that the parent computed. */
  public Measurement withChecksum(String newChecksum) {
    return new Measurement(operationCount, wallNanos, cpuNanos, newChecksum);
  }

  /** This measurement as a line of the protocol between parent and child. */
  public String toLine() {
    return operationCount + " " + wallNanos + " " + cpuNanos + " " + checksum;
  }

  static Measurement parse(List<String> lines) {
    if (lines.size() != 1) {
      throw new BenchException("expected one line with a measurement, got " + lines);
    }
    String[] fields = lines.get(0).split(" ", 4);
    return new Measurement(
        Long.parseLong(fields[0]), Long.parseLong(fields[1]), Long.parseLong(fields[2]), fields[3]);
  }
}
