package io.ppdb.lsm.table;

import java.util.ArrayDeque;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.atomic.LongAdder;

/**
 * What is in memory of tables, up to a budget in bytes: uncompressed blocks, and the directories
 * that they are found by.
 *
 * <p>Each table has an array with a slot for each of its blocks, so a hit costs one array read, no
 * hashing and no lock. The cache remembers which slots are full, in the order they were filled, and
 * makes room in that order, passing over blocks that were touched since it last came by (CLOCK,
 * also called second chance).
 *
 * <p>Directories take up to half of the budget (or {@value #LEAST_DIRECTORY_BYTES} bytes, since
 * nothing can be read without one), and go in the same way, one at a time; blocks have what they
 * leave.
 *
 * <p>Pinned blocks stay in their slots until they are unpinned or their table goes. They have a
 * budget of their own.
 *
 * <p>Thread-safe: slots are read and written without a lock; the order is guarded by this object. A
 * block that was evicted stays valid for those who hold it.
 */
public final class BlockCache {
  /** What a block costs besides its bytes: objects, slot and place in the order. */
  private static final int BLOCK_OVERHEAD_BYTES = 128;

  private static final long LEAST_DIRECTORY_BYTES = 8L << 20;

  private record Place(AtomicReferenceArray<Block> slots, int index) {}

  private final long budgetBytes;
  private final long pinnedBudgetBytes;

  // Guarded by this. The order has places of pinned blocks, and of empty slots, that were not so.
  private final ArrayDeque<Place> order = new ArrayDeque<>();
  private long usedBytes;
  private long pinnedBytes;
  private final ArrayDeque<TableDirectory> directories = new ArrayDeque<>();
  private long directoryBytes;

  private final LongAdder hits = new LongAdder();
  private final LongAdder misses = new LongAdder();
  private final LongAdder directoryLoads = new LongAdder();

  /** A cache that pins nothing. */
  public BlockCache(long budgetBytes) {
    this(budgetBytes, 0);
  }

  public BlockCache(long budgetBytes, long pinnedBudgetBytes) {
    this.budgetBytes = budgetBytes;
    this.pinnedBudgetBytes = pinnedBudgetBytes;
  }

  /** Puts a block into an empty slot; if somebody else was faster, his stays. */
  synchronized void put(AtomicReferenceArray<Block> slots, int index, Block block) {
    long cost = cost(block);
    long available = Math.max(budgetBytes / 2, budgetBytes - directoryBytes);
    if (cost > available) {
      return;
    }
    while (usedBytes + cost > available) {
      evictOne();
    }
    if (slots.compareAndSet(index, null, block)) {
      order.addLast(new Place(slots, index));
      usedBytes += cost;
    }
  }

  /** Counts a block that a view asked for. */
  void count(boolean hit) {
    (hit ? hits : misses).increment();
  }

  /** Counts a directory that was read, and lets others go if need be. */
  synchronized void add(TableDirectory directory) {
    directoryLoads.increment();
    directories.addLast(directory);
    directoryBytes += directory.sizeInBytes();
    long available = Math.max(LEAST_DIRECTORY_BYTES, budgetBytes / 2);
    for (int tries = 2 * directories.size(); directoryBytes > available && tries > 0; tries--) {
      TableDirectory candidate = directories.removeFirst();
      if (candidate == directory || candidate.isHeld || candidate.touched) {
        candidate.touched = false;
        directories.addLast(candidate);
      } else {
        forget(candidate);
      }
    }
  }

  /** Takes a directory away, and its blocks. */
  synchronized void remove(TableDirectory directory) {
    if (directories.remove(directory)) {
      forget(directory);
    }
  }

  private void forget(TableDirectory directory) {
    directory.isGone = true;
    directory.isHeld = false;
    directoryBytes -= directory.sizeInBytes();
    directory.unload();
    drop(directory.slots);
  }

  /** Lets a directory stay, with what is pinned of its blocks; false if it has gone. */
  synchronized boolean hold(TableDirectory directory) {
    directory.isHeld = !directory.isGone;
    return directory.isHeld;
  }

  /** Takes {@link #hold} back. */
  synchronized void letGo(TableDirectory directory) {
    directory.isHeld = false;
  }

  public synchronized long directoryBytes() {
    return directoryBytes;
  }

  /**
   * Keeps a block in its slot.
   *
   * @return false if the budget for pinned blocks does not allow it
   */
  synchronized boolean pin(AtomicReferenceArray<Block> slots, int index, Block block) {
    Block present = slots.get(index);
    Block pinned = present == null ? block : present;
    if (pinned.pinned) {
      return true;
    }
    long cost = cost(pinned);
    if (pinnedBytes + cost > pinnedBudgetBytes) {
      return false;
    }
    if (present != null) {
      usedBytes -= cost;
    }
    pinned.pinned = true;
    slots.set(index, pinned);
    pinnedBytes += cost;
    return true;
  }

  /** Forgets a block if it is pinned. */
  synchronized void unpin(AtomicReferenceArray<Block> slots, int index) {
    Block block = slots.get(index);
    if (block != null && block.pinned) {
      empty(slots, index);
    }
  }

  private void drop(AtomicReferenceArray<Block> slots) {
    order.removeIf(place -> place.slots == slots);
    for (int i = 0; i < slots.length(); i++) {
      empty(slots, i);
    }
  }

  /** Blocks that were there when a view asked for them. */
  public long hitCount() {
    return hits.sum();
  }

  /** Blocks that had to be read for a view. */
  public long missCount() {
    return misses.sum();
  }

  /** How often the directory of a table was read. */
  public long directoryLoadCount() {
    return directoryLoads.sum();
  }

  public synchronized long usedBytes() {
    return usedBytes;
  }

  public synchronized long pinnedBytes() {
    return pinnedBytes;
  }

  public long pinnedBudgetBytes() {
    return pinnedBudgetBytes;
  }

  private void evictOne() {
    Place place = order.removeFirst();
    Block block = place.slots.get(place.index);
    if (block == null || block.pinned) {
      return;
    }
    if (block.takeTouched()) {
      order.addLast(place);
    } else {
      empty(place.slots, place.index);
    }
  }

  private void empty(AtomicReferenceArray<Block> slots, int index) {
    Block block = slots.getAndSet(index, null);
    if (block != null && block.pinned) {
      block.pinned = false;
      pinnedBytes -= cost(block);
    } else if (block != null) {
      usedBytes -= cost(block);
    }
  }

  private static long cost(Block block) {
    return (long) block.sizeInBytes() + BLOCK_OVERHEAD_BYTES;
  }
}
