package io.ppdb.kv.memory;

/**
 * About when and how often keys were used, by their hashes alone.
 *
 * <p>It knows nothing of where entries are, so it outlives any rewriting of shards. Keys share
 * slots: each has some in a table, and what is known of a key is the least that any of its slots
 * says, so a key is only taken for a hotter one if all its slots are shared with such.
 *
 * <ul>
 *   <li><em>Recency</em>: two slots of 16 bits with the tick of the last use. The tick is not time
 *       but how much was written: it moves 128 times while the limit is written once, because only
 *       writing makes eviction necessary. A key that was used in this tick is not written again.
 *   <li><em>Frequency</em>: four counters of 4 bits, halved when keys have been used ten times each
 *       on average, so that old fame fades. A counter that is full is not written. G. Einziger, R.
 *       Friedman, B. Manes, "TinyLFU: A Highly Efficient Cache Admission Policy", 2017.
 * </ul>
 *
 * <p>All reads and writes are plain and race: what is lost or late is less than what is shared.
 * Only the tick is volatile; it is moved by one thread at a time.
 */
final class AccessSketch {
  static final int MAX_FREQUENCY = 15;

  private static final int TICKS_IN_LIMIT = 128;
  private static final int BYTES_PER_SLOT = 64;

  /** As many, because a counter is that much smaller than a tick. */
  private static final int COUNTERS_PER_SLOT = 4;

  private static final int MIN_SLOTS = 1 << 10;
  private static final int MAX_SLOTS = 1 << 25;
  private static final int RECENCY_ROWS = 2;
  private static final int FREQUENCY_ROWS = 4;
  private static final int USES_PER_KEY = 10;
  private static final long HALVES = 0x7777_7777_7777_7777L;

  private final short[] lastUsed;

  /** Sixteen counters in each. */
  private final long[] counters;

  private final long tickBytes;

  /** Guarded by whoever calls {@link #wrote}. */
  private long writtenBytes;

  private volatile short tick;

  /** Uses that were counted since counters were halved, about. */
  private int useCount;

  AccessSketch(long maxBytes) {
    long wanted = Math.min(MAX_SLOTS, Math.max(MIN_SLOTS, maxBytes / BYTES_PER_SLOT));
    int slotCount = Integer.highestOneBit((int) wanted);
    this.lastUsed = new short[slotCount];
    this.counters = new long[(slotCount * COUNTERS_PER_SLOT) >> 4];
    this.tickBytes = Math.max(1, maxBytes / TICKS_IN_LIMIT);
  }

  /** What it takes itself. */
  long sizeInBytes() {
    return (long) Short.BYTES * lastUsed.length + (long) Long.BYTES * counters.length;
  }

  /** Says that so much was written; one thread at a time. */
  void wrote(long bytes) {
    writtenBytes += bytes;
    short now = (short) (writtenBytes / tickBytes);
    if (now != tick) {
      tick = now;
    }
  }

  /** A key was read or written. */
  void used(int hash) {
    short now = tick;
    for (int row = 0; row < RECENCY_ROWS; row++) {
      int slot = place(hash, row) & (lastUsed.length - 1);
      if (lastUsed[slot] != now) {
        lastUsed[slot] = now;
      }
    }
    boolean counted = false;
    for (int row = 0; row < FREQUENCY_ROWS; row++) {
      int slot = place(hash, row) & (16 * counters.length - 1);
      if (counter(slot) < MAX_FREQUENCY) {
        counters[slot >> 4] += 1L << shift(slot);
        counted = true;
      }
    }
    if (counted) {
      useCount++;
    }
  }

  /** For how many ticks the key was not used, at least. */
  int age(int hash) {
    int age = 0;
    for (int row = 0; row < RECENCY_ROWS; row++) {
      age = Math.max(age, (tick - lastUsed[place(hash, row) & (lastUsed.length - 1)]) & 0xFFFF);
    }
    return age;
  }

  /** How often the key was used lately, up to {@link #MAX_FREQUENCY}. */
  int frequency(int hash) {
    int frequency = MAX_FREQUENCY;
    for (int row = 0; row < FREQUENCY_ROWS; row++) {
      frequency = Math.min(frequency, counter(place(hash, row) & (16 * counters.length - 1)));
    }
    return frequency;
  }

  /** Lets old fame fade, if there were enough uses for a store of so many keys. */
  void fade(long keyCount) {
    if (useCount < USES_PER_KEY * Math.max(keyCount, MIN_SLOTS)) {
      return;
    }
    useCount = 0;
    for (int i = 0; i < counters.length; i++) {
      counters[i] = (counters[i] >>> 1) & HALVES;
    }
  }

  private int counter(int slot) {
    return (int) (counters[slot >> 4] >>> shift(slot)) & MAX_FREQUENCY;
  }

  private static int shift(int slot) {
    return (slot & 15) << 2;
  }

  private static int place(int hash, int row) {
    long mixed = (((long) row << Integer.SIZE) | (hash & 0xFFFF_FFFFL)) * 0x9E37_79B9_7F4A_7C15L;
    mixed = (mixed ^ (mixed >>> 29)) * 0xBF58_476D_1CE4_E5B9L;
    return (int) (mixed >>> Integer.SIZE);
  }
}
