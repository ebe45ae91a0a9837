package io.ppdb.kv.engine;

/** A view of everything that a store has, as long as it is open: a version and an instant. */
public interface StoreView {
  /** Entries of later commits do not count. */
  long version();

  /** When expiry is judged, in epoch milliseconds. */
  long instantMillis();
}
