package io.ppdb.bench.distributed;

/**
 * How much a run does; the same on all sides.
 *
 * @param entryCount entries in the store
 * @param roundMillis a round of reads repeats its pass until this much time has gone
 * @param commitCount transactions in a round of commits
 */
record ClusterSizes(String name, int entryCount, int roundMillis, int commitCount) {
  static final int VALUE_BYTES = 100;

  private static final ClusterSizes QUICK = new ClusterSizes("quick", 10_000, 600, 30);
  private static final ClusterSizes FULL = new ClusterSizes("full", 100_000, 3_000, 150);

  static ClusterSizes of(boolean quick) {
    return quick ? QUICK : FULL;
  }

  static ClusterSizes named(String name) {
    return of(name.equals(QUICK.name));
  }
}
