package io.ppdb.graph.storage;

import io.ppdb.kv.KeyValueStore;
import io.ppdb.kv.MergeOperators;

/**
 * Hands out ids that are never handed out again: blocks are reserved in the store, by transactions
 * of their own, before any id of them is used. Ids of a block that a process did not use are lost.
 *
 * <p>Blocks grow from {@link #FIRST_BLOCK} to {@link #LAST_BLOCK} while a process goes on asking,
 * so a small graph wastes little and a load reserves rarely. Thread-safe.
 */
final class IdSequence {
  private static final int FIRST_BLOCK = 64;
  private static final int LAST_BLOCK = 1 << 16;
  private static final long FIRST_ID = 1;

  private final KeyValueStore store;
  private final byte[] key;

  // Guarded by this.
  private long next;
  private long limit;
  private int blockSize;

  IdSequence(KeyValueStore store, byte[] key) {
    this(store, key, FIRST_BLOCK);
  }

  IdSequence(KeyValueStore store, byte[] key, int firstBlock) {
    this.store = store;
    this.key = key;
    this.blockSize = firstBlock;
  }

  synchronized long next() {
    if (next == limit) {
      int size = blockSize;
      next =
          store.transact(
              transaction -> {
                byte[] stored = transaction.get(key);
                long first = stored == null ? FIRST_ID : MergeOperators.decodeLong(stored);
                transaction.put(key, MergeOperators.encodeLong(first + size));
                return first;
              });
      limit = next + size;
      blockSize = Math.min(2 * blockSize, LAST_BLOCK);
    }
    return next++;
  }
}
