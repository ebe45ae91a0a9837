package io.ppdb.bench;

import java.io.IOException;

/** A set of workloads that PPDB and its peers run side by side. */
public interface Suite {
  /** The word after {@code ppdb bench}. */
  String name();

  /**
   * Runs every workload on every side and hands the measurements to {@code report}.
   *
   * @throws BenchException if PPDB's side fails, or a peer fails after it started
   */
  void run(BenchOptions options, Installation installation, Report report) throws IOException;
}
