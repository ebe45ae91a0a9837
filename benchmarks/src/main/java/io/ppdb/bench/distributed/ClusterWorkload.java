package io.ppdb.bench.distributed;

import java.util.Locale;

/** What the suite measures, in the order it runs. */
enum ClusterWorkload {
  /** A transaction that gets one random key. */
  GET,
  /** A transaction that scans a thousand entries from a random key on. */
  SCAN1000,
  /** A transaction that puts ten random existing keys. */
  COMMIT10;

  /** The name in result rows. */
  String rowName() {
    return name().toLowerCase(Locale.ROOT);
  }

  static ClusterWorkload named(String rowName) {
    return valueOf(rowName.toUpperCase(Locale.ROOT));
  }
}
