package io.ppdb.lsm.compaction;

import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.PpdbException;
import io.ppdb.kv.RangePolicy;
import io.ppdb.kv.Slice;
import io.ppdb.kv.engine.EntryKind;
import io.ppdb.kv.engine.PolicyMap;
import io.ppdb.lsm.blob.BlobFiles;
import io.ppdb.lsm.blob.BlobHandle;
import io.ppdb.lsm.format.ByteText;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Asks filters of the entries that one piece of a compaction writes, in order. */
public final class FilterPass {
  private final List<CompactionFilter> filters;
  private final PolicyMap policies;
  private final BlobFiles blobs;
  private final long effectMillis;

  /** The key asked of last: what follows of it is older. */
  private byte @Nullable [] lastKey;

  private long givenUpCount;

  /**
   * A pass.
   *
   * @param effectMillis when what filters give up expires
   */
  public FilterPass(
      List<CompactionFilter> filters, PolicyMap policies, BlobFiles blobs, long effectMillis) {
    this.filters = filters;
    this.policies = policies;
    this.blobs = blobs;
    this.effectMillis = effectMillis;
  }

  /** How many entries were given up. */
  public long givenUpCount() {
    return givenUpCount;
  }

  /** When an entry expires: as before, or earlier. */
  long expiry(Slice key, EntryKind kind, long expiryMillis, Slice value) throws IOException {
    byte[] last = lastKey;
    if (last != null && key.compareTo(last) == 0) {
      return expiryMillis;
    }
    byte[] bytes = key.toByteArray();
    lastKey = bytes;
    if (!kind.isPut() || expiryMillis <= effectMillis) {
      return expiryMillis;
    }
    for (CompactionFilter filter : filters) {
      if (filter.range().contains(bytes)
          && policies.get(bytes).use() == RangePolicy.Use.EXPIRABLE
          && !keeps(filter, key, kind, expiryMillis, value)) {
        givenUpCount++;
        return effectMillis;
      }
    }
    return expiryMillis;
  }

  private boolean keeps(
      CompactionFilter filter, Slice key, EntryKind kind, long expiryMillis, Slice stored)
      throws IOException {
    Slice value =
        kind == EntryKind.BLOB
            ? new Slice(blobs.read(BlobHandle.decode(stored, blobs.directory())))
            : stored;
    try {
      return filter.keeps(key, value, expiryMillis);
    } catch (RuntimeException e) {
      throw new PpdbException(
          ErrorCode.INTERNAL,
          "compaction filter " + filter.name() + " failed at key " + ByteText.of(key) + ": " + e,
          e);
    }
  }
}
