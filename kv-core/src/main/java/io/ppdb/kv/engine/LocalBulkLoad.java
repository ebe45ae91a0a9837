package io.ppdb.kv.engine;

import io.ppdb.kv.BulkLoad;
import io.ppdb.kv.CommitOrigin;
import io.ppdb.kv.Durability;
import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.Limits;
import io.ppdb.kv.PpdbException;
import io.ppdb.kv.WriteBatch.Requirement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A load of a local engine: entries in memory, and once they are too many, in files of the storage.
 *
 * <p>What stays in memory is committed like any blind batch. States: OPEN, then FAILED by an
 * engine's error or at once ENDED.
 */
final class LocalBulkLoad extends OrderedLoad {
  /** How many bytes of keys are remembered, so that exactly they are claimed. */
  private static final long MAX_CLAIM_BYTES = 1 << 20;

  private final LocalStore store;
  private final Storage storage;
  private final List<Requirement> requirements = new ArrayList<>();

  /** What is not in files; empty once there are any. */
  private final List<Entry> entries = new ArrayList<>();

  private long entryBytes;

  /** The keys of what is in files, if they are few enough. */
  private final List<byte[]> keys = new ArrayList<>();

  private long keyBytes;

  /** Null as long as everything is in memory. */
  private @Nullable LoadWriter files;

  private @Nullable PpdbException failure;

  LocalBulkLoad(LocalStore store) {
    this.store = store;
    this.storage = store.storage();
  }

  @Override
  public BulkLoad put(byte[] key, byte[] value, long expiryMillis) {
    checkKey(key);
    Limits.checkValue(value);
    store.checkExpiry(store.context().policies(), key, expiryMillis);
    byte[] kept = key.clone();
    byte[] keptValue = files == null ? value.clone() : value;
    long expiry = store.expiryOf(store.context().policies(), key, expiryMillis);
    add(Entry.put(kept, keptValue, expiry));
    return this;
  }

  @Override
  public BulkLoad delete(byte[] key) {
    checkKey(key);
    add(Entry.delete(key.clone()));
    return this;
  }

  @Override
  public BulkLoad requireUnchanged(byte[] key, long sinceVersion) {
    checkUsable();
    Limits.checkKey(key);
    requirements.add(new Requirement(key.clone(), sinceVersion));
    return this;
  }

  @Override
  protected void checkUsable() {
    store.checkOpen();
    super.checkUsable();
    if (failure != null) {
      throw failure.repeated();
    }
  }

  /** Adds an entry whose key is this load's own. */
  private void add(Entry entry) {
    try {
      LoadWriter open = files;
      if (open == null) {
        hold(entry);
      } else {
        write(open, entry);
      }
      added(entry.key());
    } catch (PpdbException e) {
      failure = e.code().kind() == ErrorCode.Kind.USER ? null : e;
      throw e;
    }
  }

  private void hold(Entry entry) {
    long bytes = entryBytes + Memtable.sizeOf(entry);
    boolean inMemory = bytes <= storage.maxLoadBytesInMemory();
    if (inMemory && bytes > storage.maxTransactionBytes()) {
      throw new PpdbException(
          ErrorCode.TRANSACTION_TOO_LARGE,
          "a bulk load of more than " + storage.maxTransactionBytes() + " bytes");
    }
    entries.add(entry);
    entryBytes = bytes;
    if (!inMemory) {
      spill();
    }
  }

  private void spill() {
    LoadWriter opened = storage.newLoad();
    files = opened;
    for (Entry entry : entries) {
      write(opened, entry);
    }
    entries.clear();
  }

  private void write(LoadWriter open, Entry entry) {
    open.add(entry);
    if (keyBytes <= MAX_CLAIM_BYTES) {
      keys.add(entry.key());
      keyBytes += entry.key().length;
      if (keyBytes > MAX_CLAIM_BYTES) {
        keys.clear();
      }
    }
  }

  @Override
  protected long commitEntries(Durability durability) {
    if (isEmpty()) {
      return store.context().publishedVersion();
    }
    LoadWriter written = files;
    Commit commit;
    if (written == null) {
      Entry[] all = entries.toArray(Entry[]::new);
      commit = new Commit(all, BatchFolder.claims(all), CommitOrigin.USER, durability);
    } else {
      store.context().checkWritable();
      written.finish();
      commit = Commit.ofLoad(written, claims(written), CommitOrigin.USER, durability);
    }
    return store.pipeline().commitBlind(commit, requirements);
  }

  private Claims claims(LoadWriter written) {
    if (keyBytes > MAX_CLAIM_BYTES) {
      return new Claims(
          Claims.NO_KEYS, new byte[0], Claims.NO_RANGES, Claims.NO_KEYS, written.claims());
    }
    byte[] modes = new byte[keys.size()];
    Arrays.fill(modes, Claims.WRITE);
    return new Claims(keys.toArray(byte[][]::new), modes, Claims.NO_RANGES, Claims.NO_KEYS);
  }

  @Override
  protected void release() {
    entries.clear();
    keys.clear();
    if (files != null) {
      files.close();
    }
  }
}
