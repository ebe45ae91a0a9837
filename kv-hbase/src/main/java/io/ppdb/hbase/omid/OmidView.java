package io.ppdb.hbase.omid;

import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.PpdbException;
import io.ppdb.kv.engine.PolicyMap;
import io.ppdb.kv.engine.StoreView;
import org.apache.omid.transaction.HBaseTransaction;
import org.jspecify.annotations.Nullable;

/**
 * A transaction of Omid: what it reads is a view, and what it writes one commit. It knows the
 * policies that it sees once they were asked for, and for how long it may be used: what it sees may
 * be collected once the oracle's low watermark has passed its version.
 */
final class OmidView implements StoreView {
  /** How many timestamps the oracle has for each millisecond of its clock. */
  static final long TIMESTAMPS_PER_MILLI = 1_000_000;

  /** The longest that a view may be used. */
  static final long MAX_AGE_MILLIS = 600_000;

  /**
   * The oracle remembers some million claims, so its low watermark is seconds behind at the least:
   * younger views need not look.
   */
  private static final long MIN_AGE_OF_LOOKING_MILLIS = 10_000;

  private final HBaseTransaction transaction;
  private final long instantMillis;
  private final OmidConnection connection;
  private final StorePolicies storePolicies;
  private final StoreTime time;
  private volatile @Nullable PolicyMap policies;

  OmidView(
      HBaseTransaction transaction,
      OmidConnection connection,
      StorePolicies storePolicies,
      StoreTime time) {
    this.transaction = transaction;
    this.instantMillis = time.instantMillis(transaction.getStartTimestamp());
    this.connection = connection;
    this.storePolicies = storePolicies;
    this.time = time;
  }

  /** When the oracle gave {@code timestamp}, in epoch milliseconds. */
  static long millis(long timestamp) {
    return timestamp / TIMESTAMPS_PER_MILLI;
  }

  HBaseTransaction transaction() {
    return transaction;
  }

  PolicyMap policies() {
    PolicyMap seen = policies;
    if (seen == null) {
      seen = storePolicies.seenBy(transaction);
      policies = seen;
    }
    return seen;
  }

  /**
   * Fails if the view is so old that what was just read may not be all that it shows; after each
   * read, before the reader is told.
   */
  void checkIntact() {
    long ageMillis = time.nowMillis() - instantMillis;
    if (ageMillis > MAX_AGE_MILLIS) {
      throw tooOld("it is " + ageMillis + " ms old, at most " + MAX_AGE_MILLIS + " are allowed");
    }
    if (ageMillis > MIN_AGE_OF_LOOKING_MILLIS) {
      long watermark = connection.lowWatermark();
      if (version() <= watermark) {
        throw tooOld("the oracle's low watermark is " + watermark);
      }
    }
  }

  private PpdbException tooOld(String why) {
    return new PpdbException(
        ErrorCode.SNAPSHOT_TOO_OLD, "version " + version() + " can no longer be read: " + why);
  }

  @Override
  public long version() {
    return transaction.getStartTimestamp();
  }

  @Override
  public long instantMillis() {
    return instantMillis;
  }
}
