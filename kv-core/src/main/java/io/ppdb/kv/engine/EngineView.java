package io.ppdb.kv.engine;

import io.ppdb.kv.Cursor;
import io.ppdb.kv.KeyRange;
import io.ppdb.kv.Limits;
import io.ppdb.kv.ReadView;
import io.ppdb.kv.ScanOptions;
import io.ppdb.kv.ValueLease;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What snapshots and transactions have in common: reads of a view of their store. */
abstract class EngineView implements ReadView {
  final EngineStore store;

  EngineView(EngineStore store) {
    this.store = store;
  }

  /** Fails unless this view may be read. */
  abstract void checkReadable();

  /** The exception to throw for {@code failure}, which an engine or an operator threw. */
  abstract RuntimeException failed(RuntimeException failure);

  /** A cursor of this view was closed by its user. */
  abstract void forget(ScanCursor cursor);

  /** The view of the store that is read, opened now if it was not. */
  abstract StoreView view();

  abstract byte @Nullable [] read(byte[] key);

  abstract List<byte @Nullable []> readAll(List<byte[]> keys);

  abstract @Nullable ValueLease readLease(byte[] key);

  /** What {@link #isUnchangedSince} answers. */
  abstract boolean isUnchanged(byte[] key, long sinceVersion);

  abstract ScanCursor open(KeyRange range, ScanOptions options);

  @Override
  public byte @Nullable [] get(byte[] key) {
    checkReadable();
    Limits.checkNotNull(key, "key");
    try {
      return read(key);
    } catch (RuntimeException e) {
      throw failed(e);
    }
  }

  @Override
  public @Nullable ValueLease lease(byte[] key) {
    checkReadable();
    try {
      return readLease(key);
    } catch (RuntimeException e) {
      throw failed(e);
    }
  }

  @Override
  public List<byte @Nullable []> getAll(List<byte[]> keys) {
    checkReadable();
    Limits.checkNotNull(keys, "list of keys");
    for (byte[] key : keys) {
      Limits.checkNotNull(key, "key");
    }
    try {
      return readAll(keys);
    } catch (RuntimeException e) {
      throw failed(e);
    }
  }

  @Override
  public Cursor scan(KeyRange range, ScanOptions options) {
    checkReadable();
    Limits.checkNotNull(range, "range");
    Limits.checkNotNull(options, "options");
    try {
      return open(range, options);
    } catch (RuntimeException e) {
      throw failed(e);
    }
  }

  @Override
  public boolean isUnchangedSince(byte[] key, long version) {
    checkReadable();
    Limits.checkNotNull(key, "key");
    return isUnchanged(key, version);
  }

  @Override
  public long version() {
    checkReadable();
    return view().version();
  }

  @Override
  public long instantMillis() {
    checkReadable();
    return view().instantMillis();
  }
}
