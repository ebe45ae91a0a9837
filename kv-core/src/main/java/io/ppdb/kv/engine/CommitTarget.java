package io.ppdb.kv.engine;

import io.ppdb.kv.KeyRange;

/**
 * Where the entries of commits go: one memtable, or several behind one routing.
 *
 * <p>A commit is assigned to a target under the commit lock ({@link #reserve}) and applied later,
 * outside of it. Whoever takes the target's contents elsewhere first stops reserving from it, also
 * under the commit lock, and then waits for {@link #awaitAppliers}: a slow applier cannot be
 * missed.
 */
public interface CommitTarget {
  /** Announces that {@code bytes} will be applied; called under the commit lock. */
  void reserve(long bytes);

  /** Inserts an entry that has its version; from any thread. */
  void insert(Entry entry);

  /**
   * Deletes, at {@code version}, every key of a range, which is not empty; from any thread. Entries
   * of the same version stay.
   */
  void deleteRange(KeyRange range, long version);

  /** Ends what {@link #reserve} began, after the entries are in (or never will be). */
  void applied(long bytes);

  /** Waits until everything reserved is applied; for one thread, when nothing is reserved more. */
  void awaitAppliers();
}
