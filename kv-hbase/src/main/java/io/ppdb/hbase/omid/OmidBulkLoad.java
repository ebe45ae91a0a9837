package io.ppdb.hbase.omid;

import io.ppdb.kv.BulkLoad;
import io.ppdb.kv.Durability;
import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.Limits;
import io.ppdb.kv.PpdbException;
import io.ppdb.kv.WriteBatch;
import io.ppdb.kv.engine.OrderedLoad;
import io.ppdb.kv.engine.PolicyMap;
import org.jspecify.annotations.Nullable;

/** A load that is held in memory, and written as a batch. Not thread-safe. */
final class OmidBulkLoad extends OrderedLoad {
  private final OmidStore store;
  private WriteBatch batch = new WriteBatch();

  /** As they were at the first put that expires; the commit asks again. */
  private @Nullable PolicyMap policies;

  OmidBulkLoad(OmidStore store) {
    this.store = store;
  }

  @Override
  public BulkLoad put(byte[] key, byte[] value, long expiryMillis) {
    checkKey(key);
    Limits.checkValue(value);
    checkExpiry(key, expiryMillis);
    checkRoom((long) key.length + value.length);
    byte[] own = key.clone();
    batch.put(own, value.clone(), expiryMillis);
    added(own);
    return this;
  }

  @Override
  public BulkLoad delete(byte[] key) {
    checkKey(key);
    checkRoom(key.length);
    byte[] own = key.clone();
    batch.delete(own);
    added(own);
    return this;
  }

  @Override
  public BulkLoad requireUnchanged(byte[] key, long sinceVersion) {
    checkUsable();
    Limits.checkKey(key);
    batch.requireUnchanged(key.clone(), sinceVersion);
    return this;
  }

  private void checkExpiry(byte[] key, long expiryMillis) {
    if (expiryMillis == Limits.NO_EXPIRY) {
      return;
    }
    PolicyMap known = policies;
    if (known == null) {
      known = store.policies();
      policies = known;
    }
    store.checkPut(known, key, expiryMillis);
  }

  @Override
  protected void checkUsable() {
    store.checkOpen();
    super.checkUsable();
  }

  private void checkRoom(long addedBytes) {
    if (batch.sizeInBytes() + addedBytes > OmidStore.MAX_TRANSACTION_BYTES) {
      throw new PpdbException(
          ErrorCode.TRANSACTION_TOO_LARGE,
          "a bulk load of more than " + OmidStore.MAX_TRANSACTION_BYTES + " bytes");
    }
  }

  @Override
  protected long commitEntries(Durability durability) {
    return store.write(batch, durability);
  }

  @Override
  protected void release() {
    batch = new WriteBatch();
  }
}
