package io.ppdb.bench.memory;

/**
 * How much a run does; the same on all sides.
 *
 * @param entryCount entries in a map or store
 * @param valueBytes length of a value
 * @param minRoundMillis a round goes on until this much time has gone
 * @param transactionWarmUpMillis as long does the round last that warms up transactions
 */
record MemorySizes(
    int entryCount, int valueBytes, int minRoundMillis, int transactionWarmUpMillis) {
  /** Compilers, and collectors that bring neighbours together, take that long to settle. */
  private static final int WARM_UP_FACTOR = 3;

  private static final MemorySizes TRIAL = new MemorySizes(5_000, 100, 20, 60);
  private static final MemorySizes QUICK = new MemorySizes(200_000, 100, 250, 3_000);
  private static final MemorySizes FULL = new MemorySizes(1_000_000, 100, 2_000, 6_000);

  static MemorySizes named(String name) {
    return switch (name) {
      case "trial" -> TRIAL;
      case "quick" -> QUICK;
      case "full" -> FULL;
      default -> throw new IllegalArgumentException("no sizes '" + name + "'");
    };
  }

  /** How long a round lasts at least; round 0 warms up. */
  int millisOf(int round) {
    return round == 0 ? WARM_UP_FACTOR * minRoundMillis : minRoundMillis;
  }

  /**
   * The same for transactions: they go through much more code, and what they leave behind is only
   * collected from the second or third second on.
   */
  int transactionMillisOf(int round) {
    return round == 0 ? transactionWarmUpMillis : minRoundMillis;
  }
}
