package io.ppdb.timeseries;

import io.ppdb.kv.sync.PaddedCounter;

/** How many segments the scans of a table decoded and how many they passed over. Thread-safe. */
final class ScanCounters {
  private final PaddedCounter decoded = new PaddedCounter();
  private final PaddedCounter pruned = new PaddedCounter();

  void decoded() {
    decoded.increment();
  }

  void pruned() {
    pruned.increment();
  }

  long decodedCount() {
    return decoded.sum();
  }

  long prunedCount() {
    return pruned.sum();
  }
}
