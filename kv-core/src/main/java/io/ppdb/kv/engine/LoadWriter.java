package io.ppdb.kv.engine;

/**
 * Files that entries are written to before the commit which brings them into the store.
 *
 * <p>Entries are added by rising keys, one a key, and have no version; {@link #finish} makes them
 * durable, and a {@link Commit} takes them into {@link Storage#enqueue}. Failures are {@code
 * PpdbException}s; only {@link #close} may follow one. Not thread-safe.
 */
public interface LoadWriter extends AutoCloseable {
  /** Adds an entry, whose arrays are the caller's again after the call. */
  void add(Entry entry);

  /** Makes everything durable; there is at least one entry, and no other may follow. */
  void finish();

  /** The keys of all entries, for a commit that cannot name them one by one; once finished. */
  ClaimedFiles claims();

  /** Deletes the files, unless a commit has taken them. */
  @Override
  void close();
}
