package io.ppdb.kv;

/** What a returned commit has survived. */
public enum Durability {
  /** Returned means it survives power loss: group commit and fsync. */
  SYNC,
  /** Returned means it survives the death of the process; after power loss a prefix survives. */
  ASYNC,
  /** In memory only: the memory engine. */
  MEMORY
}
