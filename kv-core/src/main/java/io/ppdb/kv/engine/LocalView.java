package io.ppdb.kv.engine;

import io.ppdb.kv.Cursor;
import io.ppdb.kv.KeyRange;
import io.ppdb.kv.Limits;
import io.ppdb.kv.ReadView;
import io.ppdb.kv.ScanOptions;
import io.ppdb.kv.ValueLease;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What snapshots and transactions of a local engine have in common: reads at a registration. */
abstract class LocalView implements ReadView {
  final LocalStore store;

  LocalView(LocalStore store) {
    this.store = store;
  }

  /** Fails unless this view may be read. */
  abstract void checkReadable();

  /** The exception to throw for {@code failure}, which an engine or an operator threw. */
  abstract RuntimeException failed(RuntimeException failure);

  /** A cursor of this view was closed by its user. */
  abstract void forget(ScanCursor cursor);

  /** The registration of this view, made now if it has none. */
  abstract Views.Registration registration();

  abstract byte @Nullable [] read(byte[] key);

  abstract @Nullable ValueLease readLease(byte[] key);

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
    List<byte @Nullable []> values = new ArrayList<>(keys.size());
    try {
      for (byte[] key : keys) {
        values.add(read(key));
      }
    } catch (RuntimeException e) {
      throw failed(e);
    }
    return values;
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
  public long version() {
    checkReadable();
    return registration().version;
  }

  @Override
  public long instantMillis() {
    checkReadable();
    return registration().instantMillis;
  }

  /** The stored value of {@code key} in this view. */
  final byte @Nullable [] readStored(byte[] key) {
    return lookUp(key).value();
  }

  /** What decides the stored value of {@code key} in this view. */
  final PointLookup lookUp(byte[] key) {
    Views.Registration view = registration();
    PointLookup lookup = new PointLookup(store.operators(), view.instantMillis);
    store.storage().find(key, view.version, lookup);
    return lookup;
  }

  /** The stored value of {@code key} in this view, where it lies. */
  final @Nullable ValueLease leaseStored(byte[] key) {
    Views.Registration view = registration();
    PointLookup lookup = new PointLookup(store.operators(), view.instantMillis);
    return store.storage().lease(key, view.version, lookup);
  }

  /** The stored entries of {@code range} in this view. */
  final OrderedCursor scanStored(KeyRange range, boolean keysOnly) {
    Views.Registration view = registration();
    return new VisibleCursor(
        store.storage().cursor(range),
        range,
        view.version,
        view.instantMillis,
        keysOnly,
        store.operators());
  }
}
