package io.ppdb.kv.engine;

import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.KeyRange;
import io.ppdb.kv.PpdbException;
import io.ppdb.kv.ScanOptions;
import io.ppdb.kv.Snapshot;
import io.ppdb.kv.ValueLease;
import io.ppdb.kv.sync.LeakDetector;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A view of a store, read-only. Thread-safe; closing it races with reads only to CLOSED. */
final class EngineSnapshot extends EngineView implements Snapshot {
  private final StoreView view;
  private final LeakDetector.Opening opening = LeakDetector.opened("snapshot");
  private volatile boolean closed;

  /** Takes over {@code view}. */
  EngineSnapshot(EngineStore store, StoreView view) {
    super(store);
    this.view = view;
  }

  @Override
  void checkReadable() {
    store.checkOpen();
    if (closed) {
      throw new PpdbException(ErrorCode.CLOSED, "the snapshot is closed");
    }
  }

  @Override
  RuntimeException failed(RuntimeException failure) {
    // If the view was closed meanwhile, what it read may have been collected: that is no damage.
    checkReadable();
    return failure;
  }

  @Override
  void forget(ScanCursor cursor) {}

  @Override
  StoreView view() {
    return view;
  }

  @Override
  byte @Nullable [] read(byte[] key) {
    byte[] value = store.get(view, key);
    // If the view was closed meanwhile, its entries may have been collected under the read.
    checkReadable();
    return value;
  }

  @Override
  List<byte @Nullable []> readAll(List<byte[]> keys) {
    List<byte @Nullable []> values = store.getAll(view, keys);
    checkReadable();
    return values;
  }

  @Override
  @Nullable ValueLease readLease(byte[] key) {
    ValueLease lease = store.lease(view, key);
    if (closed && lease != null) {
      lease.close();
    }
    checkReadable();
    return lease;
  }

  @Override
  boolean isUnchanged(byte[] key, long sinceVersion) {
    return store.isUnchanged(view, key, sinceVersion);
  }

  @Override
  ScanCursor open(KeyRange range, ScanOptions options) {
    return new ScanCursor(this, store.scan(view, range, options), options);
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      opening.closed();
      store.closeView(view);
    }
  }

  @Override
  public String toString() {
    return "snapshot at version " + view.version();
  }
}
