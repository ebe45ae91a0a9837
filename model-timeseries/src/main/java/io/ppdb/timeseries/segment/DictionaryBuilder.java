package io.ppdb.timeseries.segment;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Finds the distinct byte strings of a column.
 *
 * <p>An open-addressing hash table over slices of the arenas they lie in; nothing is copied. Not
 * thread-safe.
 */
final class DictionaryBuilder {
  private final byte[] arena;
  private int[] table = new int[64]; // entry + 1, or 0
  private int[] starts = new int[32];
  private int[] lengths = new int[32];
  private int entryCount;

  /** Strings will be slices of {@code arena}. */
  DictionaryBuilder(byte[] arena) {
    this.arena = arena;
  }

  int entryCount() {
    return entryCount;
  }

  /** The number of the entry that equals the slice; a new one if none does. */
  int add(int start, int length) {
    int mask = table.length - 1;
    int slot = hash(start, length) & mask;
    while (table[slot] != 0) {
      int entry = table[slot] - 1;
      if (Arrays.equals(
          arena, starts[entry], starts[entry] + lengths[entry], arena, start, start + length)) {
        return entry;
      }
      slot = (slot + 1) & mask;
    }
    if (entryCount == starts.length) {
      grow();
      return add(start, length);
    }
    starts[entryCount] = start;
    lengths[entryCount] = length;
    table[slot] = entryCount + 1;
    return entryCount++;
  }

  /**
   * Writes the entries in ascending order.
   *
   * @return the code of each entry: its place in that order
   */
  int[] encode(ByteSink sink) {
    int[] sorted =
        IntStream.range(0, entryCount).boxed().sorted(this::compare).mapToInt(i -> i).toArray();
    int[] codes = new int[entryCount];
    sink.writeVarint(entryCount);
    for (int code = 0; code < entryCount; code++) {
      codes[sorted[code]] = code;
      sink.writeVarint(lengths[sorted[code]]);
    }
    for (int entry : sorted) {
      sink.writeBytes(arena, starts[entry], lengths[entry]);
    }
    return codes;
  }

  private int compare(int left, int right) {
    return Arrays.compareUnsigned(
        arena,
        starts[left],
        starts[left] + lengths[left],
        arena,
        starts[right],
        starts[right] + lengths[right]);
  }

  private void grow() {
    starts = Arrays.copyOf(starts, 2 * entryCount);
    lengths = Arrays.copyOf(lengths, 2 * entryCount);
    table = new int[2 * starts.length];
    int mask = table.length - 1;
    for (int entry = 0; entry < entryCount; entry++) {
      int slot = hash(starts[entry], lengths[entry]) & mask;
      while (table[slot] != 0) {
        slot = (slot + 1) & mask;
      }
      table[slot] = entry + 1;
    }
  }

  private int hash(int start, int length) {
    int hash = 0;
    for (int i = start; i < start + length; i++) {
      hash = 31 * hash + arena[i];
    }
    hash *= 0x9E3779B9;
    return hash ^ (hash >>> 15);
  }
}
