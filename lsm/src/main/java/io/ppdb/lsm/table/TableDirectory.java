package io.ppdb.lsm.table;

import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * What has to be in memory of a table to read a block of it: filter, index, and a slot of the cache
 * for each block. It may go while the table stays open ({@link BlockCache}); who holds one may go
 * on with it, and the table reads it anew when it is asked for again.
 *
 * <p>Immutable but for the slots and the marks of the cache.
 */
final class TableDirectory {
  /** What a block costs here besides its separator: offsets, counts, the prefix and the slot. */
  private static final int BLOCK_BYTES = 44;

  final BloomFilter filter;
  final BlockIndex index;
  final AtomicReferenceArray<Block> slots;

  /** Lets the table forget it. */
  private final Runnable unload;

  /** Whether somebody came by since the cache last looked; racy, which only blurs the order. */
  boolean touched = true;

  // Guarded by the cache's monitor.
  boolean isHeld;
  boolean isGone;

  TableDirectory(BloomFilter filter, BlockIndex index, Runnable unload) {
    this.filter = filter;
    this.index = index;
    this.unload = unload;
    this.slots = new AtomicReferenceArray<>(index.blockCount());
  }

  /** Marks it as used lately. */
  void touch() {
    if (!touched) {
      touched = true;
    }
  }

  void unload() {
    unload.run();
  }

  long sizeInBytes() {
    return filter.sizeInBytes() + index.separatorBytes() + (long) BLOCK_BYTES * index.blockCount();
  }
}
