package io.ppdb.graph.storage;

import java.util.Arrays;

/** A set of longs by open addressing, without boxing. Not thread-safe. */
public final class LongSet {
  private static final int INITIAL_CAPACITY = 64;
  private static final long EMPTY = Long.MIN_VALUE;

  /** A power of two long; {@link #EMPTY} where free. */
  private long[] slots = newSlots(INITIAL_CAPACITY);

  private int size;
  private boolean hasEmptyValue;

  /** Adds {@code value}; false if it was there. */
  public boolean add(long value) {
    if (value == EMPTY) {
      boolean added = !hasEmptyValue;
      hasEmptyValue = true;
      return added;
    }
    int slot = slotOf(value);
    if (slots[slot] == value) {
      return false;
    }
    slots[slot] = value;
    size++;
    if (2 * size > slots.length) {
      grow();
    }
    return true;
  }

  public int size() {
    return size + (hasEmptyValue ? 1 : 0);
  }

  private int slotOf(long value) {
    int mask = slots.length - 1;
    int slot = (int) (mix(value) & mask);
    while (slots[slot] != EMPTY && slots[slot] != value) {
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  private void grow() {
    long[] old = slots;
    slots = newSlots(2 * old.length);
    for (long value : old) {
      if (value != EMPTY) {
        slots[slotOf(value)] = value;
      }
    }
  }

  static long mix(long value) {
    long mixed = value * 0x9E3779B97F4A7C15L;
    return mixed ^ (mixed >>> 32);
  }

  private static long[] newSlots(int capacity) {
    long[] slots = new long[capacity];
    Arrays.fill(slots, EMPTY);
    return slots;
  }
}
