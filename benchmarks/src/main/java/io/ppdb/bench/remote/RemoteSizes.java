package io.ppdb.bench.remote;

/**
 * How much a run does; the same on all sides.
 *
 * @param itemCount rows that single ones are selected of
 * @param streamRows rows of the table that is read as a whole
 * @param branchCount branches of the bank; each has ten tellers and ten thousand accounts
 * @param minRoundMillis a round of reads lasts this long at least
 * @param warmUpMillis the same for the round that warms up
 * @param transactions transactions of each client of the bank in a round
 */
record RemoteSizes(
    int itemCount,
    int streamRows,
    int branchCount,
    int minRoundMillis,
    int warmUpMillis,
    int transactions) {
  static final int TELLERS = 10;
  static final int ACCOUNTS = 10_000;

  private static final RemoteSizes QUICK = new RemoteSizes(10_000, 100_000, 8, 500, 2_000, 100);
  private static final RemoteSizes FULL =
      new RemoteSizes(100_000, 1_000_000, 8, 4_000, 12_000, 1_000);

  static RemoteSizes named(String name) {
    return name.equals("quick") ? QUICK : FULL;
  }

  int accountCount() {
    return branchCount * ACCOUNTS;
  }

  int tellerCount() {
    return branchCount * TELLERS;
  }
}
