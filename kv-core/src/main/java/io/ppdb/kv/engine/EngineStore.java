package io.ppdb.kv.engine;

import io.ppdb.kv.CommitOrigin;
import io.ppdb.kv.Durability;
import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.KeyRange;
import io.ppdb.kv.KeyValueStore;
import io.ppdb.kv.Limits;
import io.ppdb.kv.MergeOperator;
import io.ppdb.kv.PpdbException;
import io.ppdb.kv.RangePolicy;
import io.ppdb.kv.ScanOptions;
import io.ppdb.kv.Snapshot;
import io.ppdb.kv.Transaction;
import io.ppdb.kv.TransactionOptions;
import io.ppdb.kv.ValueLease;
import io.ppdb.kv.WriteBatch;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What the stores of all engines have in common: transactions that keep their writes to themselves
 * until they commit, and read through them; snapshots; the rules of policies.
 *
 * <p>An engine says what a view is, what is visible in it, and how the writes and claims of a
 * transaction become a commit.
 */
public abstract class EngineStore implements KeyValueStore {
  /** Fails with CLOSED after {@link #close}. */
  protected abstract void checkOpen();

  protected abstract OperatorRegistry operators();

  /** The engine's time, by which default expiries are counted. */
  protected abstract long nowMillis();

  /** A view of everything committed so far; whoever opens it closes it. */
  protected abstract StoreView openView();

  /** Closes a view of this store, once. */
  protected abstract void closeView(StoreView view);

  /** What the writes of a transaction over {@code view} have to keep to. */
  protected abstract PolicyMap policies(StoreView view);

  /** The value of {@code key}, which the caller owns; null if it is not visible. */
  protected abstract byte @Nullable [] get(StoreView view, byte[] key);

  /** The values of {@code keys}, in their order. */
  protected List<byte @Nullable []> getAll(StoreView view, List<byte[]> keys) {
    List<byte @Nullable []> values = new ArrayList<>(keys.size());
    for (byte[] key : keys) {
      values.add(get(view, key));
    }
    return values;
  }

  /** The value of {@code key} where it lies, if the engine can. */
  protected @Nullable ValueLease lease(StoreView view, byte[] key) {
    return ValueLease.ofNullable(get(view, key));
  }

  /** The value of {@code key}, of which {@code reads} is told. */
  byte @Nullable [] getRecorded(StoreView view, byte[] key, ReadSet reads) {
    reads.add(key);
    return get(view, key);
  }

  /** Whether {@code key} surely is the same in {@code view} and in a version, by memory alone. */
  boolean isUnchanged(StoreView view, byte[] key, long version) {
    return false;
  }

  /**
   * A view of now for a transaction over {@code view}, which stays open.
   *
   * @param claims a key or range that the transaction and an earlier commit cannot both have
   * @return {@code view} itself if nothing was committed since; null if the engine has no such
   *     views
   * @throws PpdbException CONFLICT if a commit between the views claims what the transaction does
   */
  @Nullable StoreView renew(StoreView view, Function<Claims, @Nullable Object> claims) {
    return null;
  }

  /**
   * Whether a commit after {@code view} has changed or locked {@code key}, as far as that is known;
   * if so, a view that is opened afterwards shows it.
   */
  boolean isOutdated(StoreView view, byte[] key) {
    return false;
  }

  /**
   * A cursor over what is visible of {@code range}.
   *
   * @param options what the caller will ask for; the cursor need not stop by itself
   */
  protected abstract OrderedCursor scan(StoreView view, KeyRange range, ScanOptions options);

  /**
   * Commits what a transaction over {@code view} has written and claimed.
   *
   * @return the version
   */
  protected abstract long commit(Commit commit, StoreView view);

  /** What transactions may hold in memory, and where the rest goes. */
  protected abstract TransactionSpace space();

  @Override
  public Transaction begin(TransactionOptions options) {
    checkOpen();
    Limits.checkNotNull(options, "options");
    return new EngineTransaction(this, options);
  }

  @Override
  public Snapshot snapshot() {
    checkOpen();
    return new EngineSnapshot(this, openView());
  }

  protected final void checkExpiry(PolicyMap policies, byte[] key, long expiryMillis) {
    if (expiryMillis != Limits.NO_EXPIRY) {
      checkUse(policies, key, RangePolicy.Use.EXPIRABLE, "a put with an expiry");
    }
  }

  /** When a put expires that asks for {@code expiryMillis}: by the policy if for nothing. */
  protected final long expiryOf(PolicyMap policies, byte[] key, long expiryMillis) {
    if (expiryMillis != Limits.NO_EXPIRY) {
      return expiryMillis;
    }
    Duration defaultExpiry = policies.defaultExpiry(key);
    return defaultExpiry.isZero() ? Limits.NO_EXPIRY : nowMillis() + defaultExpiry.toMillis();
  }

  protected final void checkMerge(PolicyMap policies, MergeOperator operator, byte[] key) {
    operators().checkRegistered(operator);
    checkUse(policies, key, RangePolicy.Use.MERGEABLE, "a merge");
  }

  /** Fails unless policies and size allow the writes of {@code batch}. */
  protected final void checkBatch(PolicyMap policies, WriteBatch batch) {
    for (WriteBatch.Write write : batch.writes()) {
      switch (write.kind()) {
        case PUT -> checkExpiry(policies, write.key(), write.expiryMillis());
        case DELETE -> {}
        case MERGE -> checkMerge(policies, BatchFolder.operatorOf(write), write.key());
      }
    }
    long limit = space().maxTransactionBytes();
    if (batch.sizeInBytes() > limit) {
      throw new PpdbException(
          ErrorCode.TRANSACTION_TOO_LARGE,
          "a batch of " + batch.sizeInBytes() + " bytes; at most " + limit + " are allowed");
    }
  }

  /** The commit that {@code batch} is, blind; its requirements are left to the engine. */
  protected final Commit commitOf(PolicyMap policies, WriteBatch batch, Durability durability) {
    Entry[] entries =
        BatchFolder.fold(
            batch.writes(), (key, expiryMillis) -> expiryOf(policies, key, expiryMillis));
    return new Commit(entries, BatchFolder.claims(entries), CommitOrigin.USER, durability);
  }

  private static void checkUse(
      PolicyMap policies, byte[] key, RangePolicy.Use needed, String what) {
    RangePolicy.Use use = policies.get(key).use();
    if (use != needed) {
      throw new PpdbException(
          ErrorCode.INVALID_ARGUMENT,
          what
              + " on key "
              + CommitWindow.hex(key)
              + " needs a range whose policy is "
              + needed
              + ", but it is "
              + use);
    }
  }

  protected final PpdbException notSupported(String what) {
    return new PpdbException(
        ErrorCode.NOT_SUPPORTED,
        "the " + properties().engineName() + " engine does not have " + what + " yet");
  }
}
