package io.ppdb.lsm.table;

import io.ppdb.kv.Limits;
import io.ppdb.kv.Slice;
import io.ppdb.kv.engine.EntryKind;
import io.ppdb.lsm.format.ByteWriter;
import java.util.Arrays;

/** Builds the contents of a data block; see {@link Block} for the layout. */
final class BlockBuilder {
  private final ByteWriter writer = new ByteWriter(8 << 10);
  private int[] offsets = new int[64];
  private int entryCount;
  private long baseVersion;

  void add(
      Slice key, long version, EntryKind kind, int operatorId, long expiryMillis, Slice value) {
    if (entryCount == 0) {
      baseVersion = version;
    }
    if (entryCount == offsets.length) {
      offsets = Arrays.copyOf(offsets, 2 * entryCount);
    }
    offsets[entryCount++] = writer.size();
    writer.putVarint(key.length());
    writer.putBytes(key.array(), key.offset(), key.length());
    boolean expires = expiryMillis != Limits.NO_EXPIRY;
    writer.putByte(kind.code() | (expires ? Block.EXPIRY_FLAG : 0));
    long delta = version - baseVersion;
    writer.putVarint((delta << 1) ^ (delta >> 63));
    if (expires) {
      writer.putLong(expiryMillis);
    }
    if (kind == EntryKind.MERGE) {
      writer.putShort(operatorId);
    }
    writer.putBytes(value.array(), value.offset(), value.length());
  }

  boolean isEmpty() {
    return entryCount == 0;
  }

  int entryCount() {
    return entryCount;
  }

  /** Bytes of the entries so far. */
  int sizeInBytes() {
    return writer.size();
  }

  /** Completes the contents; they stay valid until {@link #reset}. */
  ByteWriter finish() {
    boolean wide = writer.size() > Block.MAX_NARROW_OFFSET;
    for (int i = 0; i < entryCount; i++) {
      if (wide) {
        writer.putInt(offsets[i]);
      } else {
        writer.putShort(offsets[i]);
      }
    }
    writer.putLong(baseVersion);
    writer.putInt(entryCount | (wide ? Block.WIDE_FLAG : 0));
    return writer;
  }

  void reset() {
    writer.clear();
    entryCount = 0;
  }
}
