package io.ppdb.kv;

import java.nio.file.Path;
import java.time.Instant;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * An ordered, transactional, versioned map of byte strings: what every model is stored in.
 *
 * <p>Keys order unsigned lexicographically. Every commit has one version; versions rise strictly
 * and are never reused. A transaction or snapshot that begins after a commit returned sees it. What
 * a view shows, what conflicts, and what survives is defined in {@code
 * docs/design/transactions.md}.
 *
 * <p>Thread-safe. A capability that {@link #properties()} denies answers NOT_SUPPORTED; calls after
 * {@link #close} answer CLOSED.
 */
public interface KeyValueStore extends AutoCloseable {
  default Transaction begin() {
    return begin(TransactionOptions.DEFAULT);
  }

  Transaction begin(TransactionOptions options);

  /** A view of everything committed so far. */
  Snapshot snapshot();

  /**
   * The value of {@code key} now: in the newest version published, expiry judged at the store's
   * time. What {@code snapshot().get(key)} gives, often at a smaller price; two calls may see
   * different versions, the later one never an older one.
   *
   * @return an array of the caller's own, or null if the key is absent
   */
  default byte @Nullable [] get(byte[] key) {
    try (Snapshot snapshot = snapshot()) {
      return snapshot.get(key);
    }
  }

  /**
   * A view of the past at a version and its tick. A read of a range whose history begins later
   * fails with SNAPSHOT_TOO_OLD; what can be read when the view is opened stays until it is closed.
   *
   * @throws PpdbException INVALID_ARGUMENT if the version is negative or not published
   */
  Snapshot snapshotAt(long version);

  /**
   * A view of the past as of {@code instant}: at the largest version whose tick is not after it.
   * Waits for commits under way that belong to it.
   *
   * @throws PpdbException INVALID_ARGUMENT if the instant is after the store's
   */
  Snapshot snapshotAt(Instant instant);

  /**
   * Applies a blind batch: it claims its keys exclusively (merges shared) but is validated against
   * nothing but its requirements, so it never fails by conflict.
   *
   * @return the version of the commit
   */
  long write(WriteBatch batch, Durability durability);

  /** Begins to load sorted data; what it holds until it is committed or closed is not visible. */
  BulkLoad bulkLoad();

  /**
   * The commits after {@code fromVersion}, in order; not those that only locked or guarded.
   *
   * @throws PpdbException SNAPSHOT_TOO_OLD, naming the oldest position, if the log no longer has
   *     them all; INVALID_ARGUMENT if the version is negative or not published
   */
  ChangeCursor changes(long fromVersion);

  /**
   * Sets what is done with {@code range}, from now on; replaces earlier policies where they
   * overlap. The new use must fit what the range already holds: the caller sets it before the first
   * write.
   */
  void setPolicy(KeyRange range, RangePolicy policy);

  RangePolicy policy(byte[] key);

  /** Removes all entries of a range that no transaction uses any more, and gives back the space. */
  void dropRange(KeyRange range);

  /**
   * Writes a copy of the store, openable by the same engine: all commits that returned before the
   * call, and their past; its change log begins with it. Commits go on meanwhile.
   *
   * @param directory is made, or is there and empty; it is left empty if this fails
   * @throws PpdbException INVALID_ARGUMENT if it holds something or lies within the store;
   *     DISK_FULL or IO_ERROR if it cannot be written; NOT_SUPPORTED by an engine without files
   */
  void checkpoint(Path directory);

  RangeStatistics statistics(KeyRange range);

  StoreProperties properties();

  @Override
  void close();

  /**
   * Runs {@code work} in a transaction and commits; runs it again, after a random pause that grows,
   * when it fails by a retryable error. {@code work} must have no effect outside its transaction.
   */
  default <T> T transact(TransactionOptions options, Function<Transaction, T> work) {
    return Retry.transact(this, options, work);
  }

  default <T> T transact(Function<Transaction, T> work) {
    return transact(TransactionOptions.DEFAULT, work);
  }
}
