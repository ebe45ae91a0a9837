package io.ppdb.kv;

/** Who made a commit; the change log carries it so that feeds can hide maintenance. */
public enum CommitOrigin {
  USER,
  /** Movers, backfill, folding, rollups: work that changes no view of the data. */
  MAINTENANCE
}
