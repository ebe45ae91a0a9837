package io.ppdb.hbase.omid;

import io.ppdb.kv.BulkLoad;
import io.ppdb.kv.Durability;
import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.Limits;
import io.ppdb.kv.PpdbException;
import io.ppdb.kv.WriteBatch;
import io.ppdb.kv.engine.PolicyMap;
import io.ppdb.kv.sync.LeakDetector;
import java.util.Arrays;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** A load that is held in memory, and written as a batch. Not thread-safe. */
final class OmidBulkLoad implements BulkLoad {
  private final LeakDetector.Opening opening = LeakDetector.opened("bulk load");
  private final OmidStore store;
  private WriteBatch batch = new WriteBatch();
  private byte @Nullable [] lastKey;

  /** As they were at the first put that expires; the commit asks again. */
  private @Nullable PolicyMap policies;

  private @Nullable String ending;

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
    lastKey = own;
    return this;
  }

  @Override
  public BulkLoad delete(byte[] key) {
    checkKey(key);
    checkRoom(key.length);
    byte[] own = key.clone();
    batch.delete(own);
    lastKey = own;
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

  private void checkKey(byte[] key) {
    checkUsable();
    Limits.checkKey(key);
    byte[] last = lastKey;
    if (last != null && Arrays.compareUnsigned(last, key) >= 0) {
      HexFormat hex = HexFormat.of();
      throw new PpdbException(
          ErrorCode.INVALID_ARGUMENT,
          "key "
              + hex.formatHex(key)
              + " of a bulk load is not behind the one before, "
              + hex.formatHex(last));
    }
  }

  private void checkUsable() {
    store.checkOpen();
    if (ending != null) {
      throw new PpdbException(ErrorCode.INVALID_STATE, "the bulk load was " + ending);
    }
  }

  private void checkRoom(long addedBytes) {
    if (batch.sizeInBytes() + addedBytes > OmidStore.MAX_TRANSACTION_BYTES) {
      throw new PpdbException(
          ErrorCode.TRANSACTION_TOO_LARGE,
          "a bulk load of more than " + OmidStore.MAX_TRANSACTION_BYTES + " bytes");
    }
  }

  @Override
  public long commit(Durability durability) {
    checkUsable();
    Limits.checkNotNull(durability, "durability");
    String how = "ended: its commit failed";
    try {
      long version = store.write(batch, durability);
      how = "committed";
      return version;
    } finally {
      end(how);
    }
  }

  @Override
  public void close() {
    if (ending == null) {
      end("closed");
    }
  }

  private void end(String how) {
    ending = how;
    opening.closed();
    batch = new WriteBatch();
  }
}
