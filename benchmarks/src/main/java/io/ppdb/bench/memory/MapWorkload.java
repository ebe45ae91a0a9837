package io.ppdb.bench.memory;

import java.util.Locale;

/** What is measured of an ordered map, in the order it runs. */
enum MapWorkload {
  /** Every entry once, in random order of keys, into an empty map. */
  PUT,
  /** Gets of random existing keys. */
  GET,
  /** From a random key, the next 100 entries; an operation is one such scan. */
  SEEK100;

  /** The name in requests, and the last part of that in result rows. */
  String rowName() {
    return name().toLowerCase(Locale.ROOT);
  }
}
