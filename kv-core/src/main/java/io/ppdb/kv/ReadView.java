package io.ppdb.kv;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A consistent view of all keys: a {@link Snapshot} or a {@link Transaction}.
 *
 * <p>The view is that of one version and one instant and never changes, save for a transaction's
 * own writes on top. A call may block for I/O; over a remote engine it works in batches.
 */
public interface ReadView extends AutoCloseable {
  /** The value of {@code key}, or null if it is absent or expired at this view's instant. */
  byte @Nullable [] get(byte[] key);

  /**
   * The value of {@code key}, or null if it is absent, without a copy if it is large and the engine
   * can; the caller closes the lease.
   */
  default @Nullable ValueLease lease(byte[] key) {
    return ValueLease.ofNullable(get(key));
  }

  /** The values of {@code keys}, in their order, null where absent. */
  List<byte @Nullable []> getAll(List<byte[]> keys);

  /** A cursor over the visible entries of {@code range}. */
  Cursor scan(KeyRange range, ScanOptions options);

  /** A cursor over the visible entries of {@code range}, ascending, without limits. */
  default Cursor scan(KeyRange range) {
    return scan(range, ScanOptions.ASCENDING);
  }

  /**
   * Whether {@code key} surely has in this view what it had in {@code version}, expiry and eviction
   * aside: then whoever read it there need not read it again. Asks memory only; false if it has
   * changed, if this transaction has written it, or if the engine does not know.
   */
  default boolean isUnchangedSince(byte[] key, long version) {
    return false;
  }

  /** The version that this view shows: entries of later commits do not count. */
  long version();

  /** The instant that expiry is judged at, in epoch milliseconds. */
  long instantMillis();

  @Override
  void close();
}
