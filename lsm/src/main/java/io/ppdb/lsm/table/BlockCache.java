package io.ppdb.lsm.table;

import java.util.ArrayDeque;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * Uncompressed blocks in memory, up to a budget in bytes.
 *
 * <p>Each table has an array with a slot for each of its blocks, so a hit costs one array read, no
 * hashing and no lock. The cache remembers which slots are full, in the order they were filled, and
 * makes room in that order, passing over blocks that were touched since it last came by (CLOCK,
 * also called second chance).
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

  private record Place(AtomicReferenceArray<Block> slots, int index) {}

  private final long budgetBytes;
  private final long pinnedBudgetBytes;

  // Guarded by this. The order has places of pinned blocks, and of empty slots, that were not so.
  private final ArrayDeque<Place> order = new ArrayDeque<>();
  private long usedBytes;
  private long pinnedBytes;

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
    if (cost > budgetBytes) {
      return;
    }
    while (usedBytes + cost > budgetBytes) {
      evictOne();
    }
    if (slots.compareAndSet(index, null, block)) {
      order.addLast(new Place(slots, index));
      usedBytes += cost;
    }
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

  /** Forgets the blocks of a table. */
  synchronized void drop(AtomicReferenceArray<Block> slots) {
    order.removeIf(place -> place.slots == slots);
    for (int i = 0; i < slots.length(); i++) {
      empty(slots, i);
    }
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
