package io.ppdb.bench.memory;

/**
 * How much a run does; the same on all sides.
 *
 * @param entryCount entries in a map or store
 * @param valueBytes length of a value
 * @param minRoundMillis a round goes on until this much time has gone
 */
record MemorySizes(int entryCount, int valueBytes, int minRoundMillis) {
  /** Compilers, and collectors that bring neighbours together, take that long to settle. */
  private static final int WARM_UP_FACTOR = 3;

  private static final MemorySizes TRIAL = new MemorySizes(5_000, 100, 20);
  private static final MemorySizes QUICK = new MemorySizes(200_000, 100, 250);
  private static final MemorySizes FULL = new MemorySizes(1_000_000, 100, 2_000);

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
}
