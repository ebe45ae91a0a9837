package io.ppdb.kv.memory;

/** Says which shard a key belongs to. Immutable. */
sealed interface Routing permits RangeRouting, HashRing {
  int shardCount();

  /** From 0 to {@link #shardCount} - 1. */
  int shardOf(byte[] key);
}
