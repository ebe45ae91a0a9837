package io.ppdb.kv.engine;

import io.ppdb.kv.ChangeCursor;
import io.ppdb.kv.KeyRange;
import io.ppdb.kv.RangePolicy;
import io.ppdb.kv.RangeStatistics;
import io.ppdb.kv.StoreProperties;
import io.ppdb.kv.ValueLease;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What a local engine puts beneath {@link LocalStore}: where entries are kept and made durable.
 *
 * <p>Reads may come from any thread at any time, also while the storage closes: then they either
 * work or throw CLOSED. Everything visible at or above {@link EngineContext#horizons()} has to stay
 * readable, exactly.
 *
 * <p>A commit passes through {@link #prepare}, {@link #enqueue}, {@link #awaitDurable}, its entries
 * are inserted into the memtable that {@code enqueue} gave, it is published, and {@link #published}
 * is called. See the package documentation for who holds which lock.
 */
public interface Storage extends TransactionSpace {
  /** What {@link #findPublished} returns if this storage only reads what a view protects. */
  long NEEDS_VIEW = -1;

  StoreProperties properties();

  /**
   * Offers the entries of {@code key} up to {@code version}, newest first, until the lookup is
   * decided or there are no more; and resolves the handle that it then may have.
   */
  void find(byte[] key, long version, PointLookup lookup);

  /**
   * Like {@link #find}, for one who wants the value only, and without a copy if it is large.
   *
   * @return the value that was found; null if the key is absent
   */
  default @Nullable ValueLease lease(byte[] key, long version, PointLookup lookup) {
    find(key, version, lookup);
    return ValueLease.ofNullable(lookup.value());
  }

  /**
   * Like {@link #find} for the newest published version, whichever that is when it is asked,
   * without a view that holds it: the storage sees to it that nothing is missed that was collected
   * meanwhile.
   *
   * @return the version found at, or {@link #NEEDS_VIEW}, and then nothing was offered
   */
  default long findPublished(byte[] key, PointLookup lookup) {
    return NEEDS_VIEW;
  }

  /**
   * A cursor over all entries, whose caller will stay within {@code range}. It sees at least the
   * commits published before it was opened, as long as they are above the horizon.
   */
  EntryCursor cursor(KeyRange range);

  /**
   * How much of a load is held in memory; what is larger is written by {@link #newLoad}. At most
   * {@link #maxTransactionBytes}, unless there is nothing else to write it by.
   */
  default long maxLoadBytesInMemory() {
    return Long.MAX_VALUE;
  }

  /**
   * Does the part of a commit that needs no order, such as encoding; outside of any lock. May put
   * other entries in the place of large ones ({@link Commit#storeAs}).
   */
  default void prepare(Commit commit) {}

  /** A commit that was prepared will not be enqueued. */
  default void abandoned(Commit commit) {}

  /**
   * Takes a commit that now has its version, queues its log record and says which memtable it goes
   * to. Called under the commit lock in version order, so the order of records is the order of
   * versions, and a memtable may be changed for a new one here: all commits before are in the old
   * one. Must not block on I/O. Either takes the commit, or throws or returns null and has no
   * effect; then the version is given to another commit. Null asks for {@link #makeRoom}.
   *
   * <p>Commits without entries (locks and guards only) do not come here, but to {@link
   * #useVersion}.
   */
  @Nullable CommitTarget enqueue(Commit commit);

  /**
   * Sees to it, outside of any lock, that {@link #enqueue} may take a commit which it has not; that
   * is tried again then, and may come here again.
   */
  default void makeRoom() {
    throw new IllegalStateException("this storage takes every commit");
  }

  /**
   * Lets a commit without entries have {@code version}, or throws, and then the version is given to
   * another commit. Called in the place of {@link #enqueue}, by the same rules: such a commit
   * leaves no record, but its version must not be handed out again either, not even after a crash.
   */
  default void useVersion(long version) {}

  /**
   * Waits, outside of any lock, until the commit is as durable as it asks for. If it throws, the
   * commit is void: COMMIT_UNKNOWN if its record may have reached the disk, UNAVAILABLE or
   * DISK_FULL if it certainly did not.
   */
  void awaitDurable(Commit commit);

  /** Called after a commit is published, by the thread that committed. */
  default void published(Commit commit) {}

  /** Called after views were closed, by the thread that closed one. */
  default void viewClosed() {}

  /**
   * Whether {@link #changes} reads a log of this storage; else the store keeps the recent commits.
   */
  default boolean hasLog() {
    return false;
  }

  /** The commits after {@code fromVersion}, which is published, by this storage's log. */
  default ChangeCursor changes(long fromVersion) {
    throw new IllegalStateException("this storage has no log");
  }

  /** Makes a policy durable; {@link EngineContext#policies()} has it afterwards. */
  void setPolicy(KeyRange range, RangePolicy policy);

  void dropRange(KeyRange range);

  void checkpoint(Path directory);

  RangeStatistics statistics(KeyRange range);

  /** Closes; no commit is under way. Cursors may be open, and are closed later. */
  void close();
}
