package io.ppdb.timeseries;

import java.util.concurrent.atomic.LongAdder;

/** How many segments the scans of a table decoded and how many they passed over. Thread-safe. */
final class ScanCounters {
  private final LongAdder decoded = new LongAdder();
  private final LongAdder pruned = new LongAdder();

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
