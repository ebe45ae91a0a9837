package io.ppdb.kv.engine;

import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.KeyRange;
import io.ppdb.kv.PpdbException;
import io.ppdb.kv.ScanOptions;
import io.ppdb.kv.Snapshot;
import io.ppdb.kv.ValueLease;
import io.ppdb.kv.sync.LeakDetector;
import org.jspecify.annotations.Nullable;

/** A registered view, read-only. Thread-safe; closing it races with reads only to CLOSED. */
final class LocalSnapshot extends LocalView implements Snapshot {
  private final Views.Registration registration;
  private final LeakDetector.Opening opening = LeakDetector.opened("snapshot");
  private volatile boolean closed;

  LocalSnapshot(LocalStore store, Views.Registration registration) {
    super(store);
    this.registration = registration;
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
  Views.Registration registration() {
    return registration;
  }

  @Override
  byte @Nullable [] read(byte[] key) {
    store.history().check(key, registration);
    byte[] value = readStored(key);
    // If the view was closed meanwhile, its entries may have been collected under the read.
    checkReadable();
    return value;
  }

  @Override
  @Nullable ValueLease readLease(byte[] key) {
    store.history().check(key, registration);
    ValueLease lease = leaseStored(key);
    if (closed && lease != null) {
      lease.close();
    }
    checkReadable();
    return lease;
  }

  @Override
  ScanCursor open(KeyRange range, ScanOptions options) {
    store.history().check(range, registration);
    return new ScanCursor(this, scanStored(range, options.keysOnly()), options);
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      opening.closed();
      store.release(registration);
    }
  }

  @Override
  public String toString() {
    return "snapshot at version " + registration.version;
  }
}
