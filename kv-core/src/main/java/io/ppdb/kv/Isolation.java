package io.ppdb.kv;

/** How a transaction is kept apart from concurrent ones. */
public enum Isolation {
  /** One snapshot for all reads, first committer wins per key. */
  SNAPSHOT,
  /** Besides, what was read is validated at commit: keys, ranges and expiries. */
  SERIALIZABLE
}
