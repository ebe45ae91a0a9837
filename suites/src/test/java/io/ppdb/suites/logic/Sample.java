package io.ppdb.suites.logic;

/**
 * Which queries of a file are run: one in {@code every}, beginning with one that the seed and the
 * name of the file choose. The seeds from 0 to {@code every - 1} together have all of them.
 */
record Sample(int every, long seed) {
  /** All queries. */
  static final Sample ALL = new Sample(1, 0);

  Sample {
    if (every < 1) {
      throw new IllegalArgumentException("one query in " + every + " is no sample");
    }
  }

  /** Whether the query with that number in its file is run. */
  boolean contains(String file, int queryNumber) {
    return Math.floorMod(queryNumber + seed + file.hashCode(), every) == 0;
  }
}
