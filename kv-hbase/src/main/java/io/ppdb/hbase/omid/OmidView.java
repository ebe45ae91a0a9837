package io.ppdb.hbase.omid;

import io.ppdb.kv.engine.StoreView;
import org.apache.omid.transaction.HBaseTransaction;

/** A transaction of Omid: what it reads is a view, and what it writes one commit. */
final class OmidView implements StoreView {
  /** How many timestamps the oracle has for each millisecond of its clock. */
  static final long TIMESTAMPS_PER_MILLI = 1_000_000;

  private final HBaseTransaction transaction;
  private final long instantMillis;

  OmidView(HBaseTransaction transaction, long instantMillis) {
    this.transaction = transaction;
    this.instantMillis = instantMillis;
  }

  /** When the oracle gave {@code timestamp}, in epoch milliseconds. */
  static long millis(long timestamp) {
    return timestamp / TIMESTAMPS_PER_MILLI;
  }

  HBaseTransaction transaction() {
    return transaction;
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
