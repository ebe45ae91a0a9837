package io.ppdb.bench.kv;

import java.util.Locale;

/** What the suite measures, in the order it runs. */
enum KvWorkload {
  /** Every entry once, in random order of keys, into an empty store; not synced. */
  FILLRANDOM,
  /** As many puts to random existing keys; not synced. */
  OVERWRITE,
  /** Gets of random existing keys. */
  READRANDOM,
  /** Gets of keys that do not exist, within the range of those that do. */
  READMISSING,
  /** Batched gets of 100 random keys; an operation is one batch. */
  MULTIGET100,
  /** From a random key, the next 100 entries; an operation is one such scan. */
  SEEK100,
  /** The same, backwards. */
  SEEK100_REVERSE,
  /** One thread gets, another puts half as often; an operation is either. */
  READWHILEWRITING,
  /** Synced puts by one thread. */
  FSYNC1,
  /** Synced puts by 4 threads. */
  FSYNC4,
  /** Synced puts by 16 threads. */
  FSYNC16,
  /** Gets of random existing keys, by a store whose cache holds a quarter of them. */
  READRANDOM_COLD,
  /** Transactions that put one random existing key; not synced. */
  TRANSACTION_PUT;

  /** The name in result rows. */
  String rowName() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  static KvWorkload named(String rowName) {
    return valueOf(rowName.toUpperCase(Locale.ROOT).replace('-', '_'));
  }
}
