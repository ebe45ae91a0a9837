package io.ppdb.kv;

/**
 * A unit of reads and writes that commits whole or not at all.
 *
 * <p>Its snapshot is taken at its first operation. Its reads see its own writes on top, scans
 * included. Writes claim keys: PUT, DELETE and {@link #lockForUpdate} exclusively, {@link #merge}
 * and {@link #guard} shared; the first committer of overlapping claims wins unless both are shared,
 * and the other fails with CONFLICT, which any call may throw.
 *
 * <p>An engine error poisons the transaction: {@link #commit} throws it again. Used by one thread
 * at a time. {@link #close} rolls back what was not committed.
 */
public interface Transaction extends ReadView {
  default void put(byte[] key, byte[] value) {
    put(key, value, Limits.NO_EXPIRY);
  }

  /**
   * Stores an entry that is absent to every view whose instant is at or after {@code expiryMillis}.
   * An expiry needs a range whose policy is {@link RangePolicy.Use#EXPIRABLE}.
   */
  void put(byte[] key, byte[] value, long expiryMillis);

  /** Puts and returns true if the key is absent; returns false and claims nothing otherwise. */
  boolean putIfAbsent(byte[] key, byte[] value);

  void delete(byte[] key);

  /**
   * Deletes every key of {@code range} and claims the whole range exclusively: a concurrent insert
   * into it conflicts. Costs a local engine the same whatever the range holds, others as much as a
   * scan of it.
   */
  void deleteRange(KeyRange range);

  /**
   * Folds {@code operand} onto the value of {@code key} without reading it. Needs a range whose
   * policy is {@link RangePolicy.Use#MERGEABLE}.
   */
  void merge(MergeOperator operator, byte[] key, byte[] operand);

  /** Claims {@code key} shared: conflicts with whoever writes, deletes or locks it meanwhile. */
  void guard(byte[] key);

  /** Claims {@code key} exclusively without writing it. */
  void lockForUpdate(byte[] key);

  /**
   * Lets the commit fail with CONFLICT if {@code key} was written or locked after this
   * transaction's version. Unlike a guard it records nothing, so others never conflict with it:
   * what schema epochs are made of.
   */
  void requireUnchanged(byte[] key);

  /**
   * Takes a new snapshot: reads see what was committed meanwhile, with the own writes still on top.
   * What was claimed and required so far is validated now, against the commits in between, so this
   * may fail with CONFLICT; what comes is validated against commits after the new snapshot.
   *
   * @return false, with nothing done, if it is SERIALIZABLE, if a cursor of it is open, or if the
   *     engine keeps a transaction's first snapshot
   */
  boolean renew();

  /**
   * Whether {@code key} was changed or locked after this transaction's version, so that to claim it
   * is to fail with CONFLICT. An engine may always say no. Who is told yes and then begins anew, or
   * renews, sees the change.
   */
  boolean isOutdated(byte[] key);

  Savepoint savepoint();

  /** Takes back the writes made since {@code savepoint}; claims and read ranges stay. */
  void rollbackTo(Savepoint savepoint);

  /**
   * Forgets {@code savepoint} and those made after it; what was written since stays. Lets a
   * transaction of very many statements keep less.
   */
  void release(Savepoint savepoint);

  /**
   * How often reads have come to see something else than writes since made of it, by {@link
   * #rollbackTo} and {@link #renew}: whoever caches what it read through this transaction forgets
   * it when the count has changed.
   */
  int rewindCount();

  /** Whether this transaction has written, locked or guarded anything. */
  boolean hasClaims();

  boolean isOpen();

  /**
   * Ends the transaction and makes its writes visible to every view that begins afterwards.
   *
   * @return the version of the commit; for a read-only transaction the version it read
   */
  long commit();

  /** Ends the transaction without effect; does nothing if it has ended. */
  void rollback();
}
