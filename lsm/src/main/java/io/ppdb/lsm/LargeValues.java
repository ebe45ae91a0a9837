package io.ppdb.lsm;

import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.PpdbException;
import io.ppdb.kv.RangePolicy;
import io.ppdb.kv.engine.Commit;
import io.ppdb.kv.engine.EngineContext;
import io.ppdb.kv.engine.Entry;
import io.ppdb.kv.engine.EntryKind;
import io.ppdb.lsm.blob.BlobAppender;
import io.ppdb.lsm.blob.BlobBatch;
import io.ppdb.lsm.vfs.DiskFullException;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Brings the large values of commits into blob files, before they get their place in the log.
 *
 * <p>Which values are large, the policy of their key says, or else an option of the store. Operands
 * and what they may be folded onto are never. Thread-safe.
 */
final class LargeValues {
  private final EngineContext context;
  private final BlobAppender appender;
  private final int thresholdBytes;

  /** No policy has a lower threshold: below it none is looked up. */
  private final int leastBytes;

  LargeValues(EngineContext context, BlobAppender appender, int thresholdBytes) {
    this.context = context;
    this.appender = appender;
    this.thresholdBytes = thresholdBytes;
    this.leastBytes = Math.min(thresholdBytes, RangePolicy.MIN_BLOB_THRESHOLD_BYTES);
  }

  /**
   * Writes the large values of a commit, makes them durable, and lets the commit store handles in
   * their place.
   *
   * @return what keeps the files until the handles are somewhere else; null if no value is large
   * @throws PpdbException DISK_FULL, or UNAVAILABLE and the store takes no more writes; the commit
   *     has certainly not happened then
   */
  @Nullable BlobBatch store(Commit commit) {
    Entry[] entries = commit.entries();
    int first = 0;
    while (first < entries.length && !isLarge(entries[first])) {
      first++;
    }
    if (first == entries.length) {
      return null;
    }
    BlobBatch batch = begin();
    boolean stored = false;
    try {
      Entry[] withHandles = entries.clone();
      for (int i = first; i < entries.length; i++) {
        Entry entry = entries[i];
        if (i == first || isLarge(entry)) {
          withHandles[i] = store(entry, batch);
        }
      }
      sync(batch);
      commit.storeAs(withHandles);
      stored = true;
      return batch;
    } finally {
      if (!stored) {
        batch.abandon();
      }
    }
  }

  /** Begins to write the large values of one commit. */
  BlobBatch begin() {
    return appender.begin();
  }

  /** Writes one large value; fails as {@link #store(Commit)}. */
  Entry store(Entry entry, BlobBatch batch) {
    try {
      return Entry.blob(entry.key(), batch.append(entry.value()), entry.expiryMillis());
    } catch (IOException e) {
      throw failed(e);
    }
  }

  /** Makes large values durable; fails as {@link #store(Commit)}. */
  void sync(BlobBatch batch) {
    try {
      batch.sync();
    } catch (IOException e) {
      throw failed(e);
    }
  }

  private PpdbException failed(IOException e) {
    if (e instanceof DiskFullException) {
      return new PpdbException(ErrorCode.DISK_FULL, "no space for a large value: " + e, e);
    }
    PpdbException failure =
        new PpdbException(ErrorCode.UNAVAILABLE, "cannot write a large value: " + e, e);
    context.makeReadOnly(failure);
    return failure;
  }

  /** Whether the value belongs into a blob file. */
  boolean isLarge(Entry entry) {
    int length = entry.value().length;
    if (length < leastBytes || entry.kind() != EntryKind.PUT) {
      return false;
    }
    RangePolicy policy = context.policies().get(entry.key());
    int asked = policy.blobThresholdBytes();
    return policy.use() != RangePolicy.Use.MERGEABLE
        && length >= (asked == RangePolicy.STORE_BLOB_THRESHOLD ? thresholdBytes : asked);
  }
}
