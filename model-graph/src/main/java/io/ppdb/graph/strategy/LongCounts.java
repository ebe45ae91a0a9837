package io.ppdb.graph.strategy;

import java.util.Arrays;

/** How often each of some longs occurs: open addressing, without boxing. Not thread-safe. */
final class LongCounts {
  private static final int INITIAL_CAPACITY = 64;

  /** A power of two long; a key is in use where its count is not 0. */
  private long[] keys = new long[INITIAL_CAPACITY];

  private long[] counts = new long[INITIAL_CAPACITY];
  private int size;

  /** Adds {@code count}, more than 0, to that of {@code key}. */
  void add(long key, long count) {
    int slot = slotOf(key);
    if (counts[slot] == 0) {
      keys[slot] = key;
      size++;
    }
    counts[slot] += count;
    if (2 * size > keys.length) {
      grow();
    }
  }

  long get(long key) {
    return counts[slotOf(key)];
  }

  int size() {
    return size;
  }

  /** The keys, ascending: neighbours in the key space are read one after the other. */
  long[] sortedKeys() {
    long[] sorted = new long[size];
    int count = 0;
    for (int slot = 0; slot < keys.length; slot++) {
      if (counts[slot] != 0) {
        sorted[count++] = keys[slot];
      }
    }
    Arrays.sort(sorted);
    return sorted;
  }

  private int slotOf(long key) {
    int mask = keys.length - 1;
    long mixed = key * 0x9E3779B97F4A7C15L;
    int slot = (int) (mixed ^ (mixed >>> 32)) & mask;
    while (counts[slot] != 0 && keys[slot] != key) {
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  private void grow() {
    long[] oldKeys = keys;
    long[] oldCounts = counts;
    keys = new long[2 * oldKeys.length];
    counts = new long[keys.length];
    for (int i = 0; i < oldKeys.length; i++) {
      if (oldCounts[i] != 0) {
        int slot = slotOf(oldKeys[i]);
        keys[slot] = oldKeys[i];
        counts[slot] = oldCounts[i];
      }
    }
  }
}
