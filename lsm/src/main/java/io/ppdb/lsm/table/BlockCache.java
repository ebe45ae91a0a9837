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
 * <p>Thread-safe: slots are read and written without a lock; the order is guarded by this object. A
 * block that was evicted stays valid for those who hold it.
 */
public final class BlockCache {
  /** What a block costs besides its bytes: objects, slot and place in the order. */
  private static final int BLOCK_OVERHEAD_BYTES = 128;

  private record Place(AtomicReferenceArray<Block> slots, int index) {}

  private final long budgetBytes;

  // Guarded by this.
  private final ArrayDeque<Place> order = new ArrayDeque<>();
  private long usedBytes;

  public BlockCache(long budgetBytes) {
    this.budgetBytes = budgetBytes;
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

  /** Forgets the blocks of a table. */
  synchronized void drop(AtomicReferenceArray<Block> slots) {
    order.removeIf(
        place -> {
          if (place.slots != slots) {
            return false;
          }
          empty(place);
          return true;
        });
  }

  public synchronized long usedBytes() {
    return usedBytes;
  }

  private void evictOne() {
    Place place = order.removeFirst();
    Block block = place.slots.get(place.index);
    if (block.takeTouched()) {
      order.addLast(place);
    } else {
      empty(place);
    }
  }

  private void empty(Place place) {
    Block block = place.slots.getAndSet(place.index, null);
    usedBytes -= cost(block);
  }

  private static long cost(Block block) {
    return (long) block.sizeInBytes() + BLOCK_OVERHEAD_BYTES;
  }
}
