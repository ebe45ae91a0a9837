package io.ppdb.kv;

/**
 * Sorted data on their way into the store, committed as a whole: a blind batch that may be larger
 * than memory.
 *
 * <p>Each key comes once, behind all before it. Nothing is visible before {@link #commit}, and all
 * of it at one version afterwards; a load that is closed without it leaves nothing behind. It
 * claims its keys exclusively and is validated against nothing but its requirements: those who
 * began before the commit and claim one of the keys get CONFLICT. Of a load that is larger than the
 * memory for its keys it is not known exactly which keys it claims; then somebody may get CONFLICT
 * who claims, or has read, something between its keys.
 *
 * <p>The caller's mistake (keys that do not rise, an expiry where the policy allows none …) is
 * refused without effect. After an engine's error every later call repeats it. Not thread-safe.
 */
public interface BulkLoad extends AutoCloseable {
  /**
   * Puts a value.
   *
   * @throws PpdbException INVALID_ARGUMENT if the key is not behind the one before;
   *     TRANSACTION_TOO_LARGE if the engine holds loads in memory, and this one is too large for
   *     that; DISK_FULL
   */
  default BulkLoad put(byte[] key, byte[] value) {
    return put(key, value, Limits.NO_EXPIRY);
  }

  /** As {@link #put(byte[], byte[])}, of a value that expires; the policy has to allow that. */
  BulkLoad put(byte[] key, byte[] value, long expiryMillis);

  /** Deletes a key. */
  BulkLoad delete(byte[] key);

  /** See {@link WriteBatch#requireUnchanged}. */
  BulkLoad requireUnchanged(byte[] key, long sinceVersion);

  /**
   * Makes everything visible at once, and ends the load, also if it fails. One without entries is
   * no commit.
   *
   * @return the version of the commit
   * @throws PpdbException CONFLICT if a requirement is not met
   */
  long commit(Durability durability);

  /** Ends the load; what was not committed is gone. */
  @Override
  void close();
}
