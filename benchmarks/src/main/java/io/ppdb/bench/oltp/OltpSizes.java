package io.ppdb.bench.oltp;

/**
 * How much a run does; the same on all sides.
 *
 * @param itemCount rows of table item
 * @param orderCount rows of table orders; each has ten lines
 * @param minRoundMillis a round of reads repeats its pass until this much time has gone
 * @param warmUpMillis the same for the round that warms up
 * @param syncedWrites synced transactions of a round
 * @param writes transactions of a round that are not synced
 * @param batchCount batches of {@link #BATCH_ROWS} rows of a round
 * @param warehouseCount warehouses of the TPC-C-like mix; a terminal has one of its own
 * @param mixedTransactions transactions of each terminal in a round of the mix
 */
record OltpSizes(
    int itemCount,
    int orderCount,
    int minRoundMillis,
    int warmUpMillis,
    int syncedWrites,
    int writes,
    int batchCount,
    int warehouseCount,
    int mixedTransactions) {
  static final int LINES_PER_ORDER = 10;
  static final int BATCH_ROWS = 1_000;

  private static final OltpSizes QUICK =
      new OltpSizes(10_000, 1_000, 250, 800, 200, 2_000, 5, 8, 60);
  private static final OltpSizes FULL =
      new OltpSizes(100_000, 20_000, 2_000, 6_000, 4_000, 40_000, 50, 8, 2_000);

  static OltpSizes named(String name) {
    return name.equals("quick") ? QUICK : FULL;
  }

  int customerCount() {
    return orderCount / 10;
  }

  /** Reads of one pass; short beside a round. */
  int readsPerPass() {
    return 200;
  }
}
