package io.ppdb.bench.memory;

/**
 * An ordered map of byte strings in memory as the workloads see it.
 *
 * <p>Reads look at what they find where it lies and give a digest of it: a copy for the caller
 * would be the benchmark's, not the map's. Thread-safe.
 */
interface OrderedMap {
  /** Sets the value of {@code key}; both arrays are the map's to keep. */
  void put(byte[] key, byte[] value);

  /** The {@link Digests#ofValue digest} of the value of {@code key}, 0 if there is none. */
  long get(byte[] key);

  /**
   * Reads up to {@code entryCount} entries in key order, from the first at or after {@code start}.
   *
   * @return their {@link Digests#add digests}, folded from 0
   */
  long scan(byte[] start, int entryCount);
}
