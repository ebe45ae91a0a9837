package io.ppdb.lsm.table;

import io.ppdb.kv.Limits;
import io.ppdb.kv.Slice;
import io.ppdb.kv.engine.EntryKind;
import io.ppdb.kv.engine.PointLookup;
import io.ppdb.lsm.format.CorruptionException;
import io.ppdb.lsm.format.LittleEndian;
import java.nio.file.Path;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The uncompressed contents of a data block, searched in place.
 *
 * <pre>
 * contents = entry … · entry offset (u16, or u32 if wide) … · base version u64 · count u32
 * entry    = key length varint · key · tag u8 · version varint · [expiry i64] · [operator u16] · value
 * </pre>
 *
 * The top bit of the count says that offsets are wide. The tag holds the kind in bits 0 and 1, and
 * in bit 2 whether an expiry follows; merges have an operator. A version is its zigzag difference
 * from the base version, that of the first entry. A value goes on to the next entry. Keys are
 * whole, not prefix-compressed: any entry is reached in one step, in either direction, and the
 * block codec takes the repetition out on disk.
 *
 * <p>Immutable, save for the marks of {@link BlockCache} and the tags that lookups make for
 * themselves.
 */
final class Block {
  static final int EXPIRY_FLAG = 4;
  static final int WIDE_FLAG = 1 << 31;
  static final int MAX_NARROW_OFFSET = 0xFFFF;

  private static final int KIND_MASK = 3;
  private static final int TAG_MASK = 7;
  private static final int TAIL_BYTES = Long.BYTES + Integer.BYTES;
  private static final EntryKind[] KINDS = {
    EntryKind.DELETE, EntryKind.PUT, EntryKind.MERGE, EntryKind.BLOB
  };

  private final byte[] bytes;
  private final int entryCount;
  private final boolean wide;
  private final int offsetsStart;
  private final long baseVersion;

  /** Whether a reader came by since the cache last looked; racy, which only blurs the order. */
  private boolean touched = true;

  /** Made when a second key is looked up; null before that. */
  private volatile @Nullable KeyTags tags;

  private boolean lookedUp;

  /** Whether it stays in the cache, outside of the budget; guarded by the cache's monitor. */
  boolean pinned;

  Block(byte[] bytes, Path file, long fileOffset) {
    this(bytes, file, fileOffset, 0);
  }

  /**
   * A block whose entries have versions that are greater by {@code globalVersion} than the bytes
   * say, which say 0 if it is not 0.
   */
  Block(byte[] bytes, Path file, long fileOffset, long globalVersion) {
    this.bytes = bytes;
    int tail = bytes.length - TAIL_BYTES;
    if (tail < 0) {
      throw new CorruptionException(file, fileOffset, "data block of " + bytes.length + " bytes");
    }
    baseVersion = LittleEndian.getLong(bytes, tail) + globalVersion;
    int count = LittleEndian.getInt(bytes, tail + Long.BYTES);
    wide = (count & WIDE_FLAG) != 0;
    entryCount = count & ~WIDE_FLAG;
    long start = tail - (long) entryCount * (wide ? Integer.BYTES : Short.BYTES);
    if (start < 0 || entryCount == 0) {
      throw new CorruptionException(
          file, fileOffset, entryCount + " entries in a data block of " + bytes.length + " bytes");
    }
    offsetsStart = (int) start;
    int previous = -1;
    for (int i = 0; i < entryCount; i++) {
      int offset = offset(i);
      if (offset <= previous || offset >= offsetsStart) {
        throw new CorruptionException(
            file, fileOffset, "offset " + offset + " of entry " + i + " follows " + previous);
      }
      previous = offset;
    }
  }

  int entryCount() {
    return entryCount;
  }

  /** What it holds of the cache, with the tags that it may get. */
  int sizeInBytes() {
    return bytes.length + KeyTags.sizeInBytes(entryCount);
  }

  void touch() {
    if (!touched) {
      touched = true;
    }
  }

  /** Whether a reader came by; forgets it. */
  boolean takeTouched() {
    boolean was = touched;
    touched = false;
    return was;
  }

  /**
   * The newest entry of {@code key} up to {@code version}; the number of entries if there is none.
   *
   * @param hash {@link KeyHash#of} the key
   */
  int find(byte[] key, long hash, long version) {
    KeyTags known = tags;
    if (known == null) {
      if (lookedUp) {
        tags = KeyTags.of(this);
      }
      lookedUp = true;
      int index = lowerBound(key, version);
      return index < entryCount && keyEquals(index, key) ? index : entryCount;
    }
    for (int i = known.next(0, hash); i < entryCount; i = known.next(i + 1, hash)) {
      if (keyEquals(i, key)) {
        return compare(i, key, version) >= 0 ? i : older(i, key, version);
      }
    }
    return entryCount;
  }

  /** The same, by a search: the entry at {@code index} has the key and is too new. */
  private int older(int index, byte[] key, long version) {
    int low = lowerBound(key, version, index + 1);
    return low < entryCount && keyEquals(low, key) ? low : entryCount;
  }

  /** The first entry at or after {@code (key, version)}, or the number of entries. */
  int lowerBound(byte[] key, long version) {
    return lowerBound(key, version, 0);
  }

  private int lowerBound(byte[] key, long version, int from) {
    int low = from;
    int high = entryCount;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (compare(middle, key, version) < 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /** The first entry whose key is at or after {@code key}, or the number of entries. */
  int lowerBound(byte[] key) {
    return lowerBound(key, Long.MAX_VALUE);
  }

  private int compare(int index, byte[] key, long version) {
    int at = offset(index);
    int length = bytes[at++];
    if (length < 0) {
      long lengthAndNext = longVarint(at - 1);
      length = (int) (lengthAndNext >>> 32);
      at = (int) lengthAndNext;
    }
    int order = Arrays.compareUnsigned(bytes, at, at + length, key, 0, key.length);
    return order != 0 ? order : Long.compare(version, versionAt(at + length + 1));
  }

  boolean keyEquals(int index, byte[] key) {
    int at = offset(index);
    long lengthAndNext = longVarint(at);
    int length = (int) (lengthAndNext >>> 32);
    int start = (int) lengthAndNext;
    return length == key.length && Arrays.equals(bytes, start, start + length, key, 0, length);
  }

  long keyHash(int index) {
    long lengthAndNext = longVarint(offset(index));
    return KeyHash.of(bytes, (int) lengthAndNext, (int) (lengthAndNext >>> 32));
  }

  /** Offers the entry to {@code lookup}; returns whether the lookup is decided. */
  boolean offer(int index, PointLookup lookup) {
    long lengthAndNext = longVarint(offset(index));
    int tagAt = (int) lengthAndNext + (int) (lengthAndNext >>> 32);
    int tag = bytes[tagAt] & TAG_MASK;
    EntryKind kind = KINDS[tag & KIND_MASK];
    int at = afterVarint(tagAt + 1);
    long expiry = Limits.NO_EXPIRY;
    if ((tag & EXPIRY_FLAG) != 0) {
      expiry = LittleEndian.getLong(bytes, at);
      at += Long.BYTES;
    }
    int operatorId = 0;
    if (kind == EntryKind.MERGE) {
      operatorId = LittleEndian.getShort(bytes, at);
      at += Short.BYTES;
    }
    long version = versionAt(tagAt + 1);
    return lookup.offer(kind, version, operatorId, expiry, bytes, at, end(index) - at);
  }

  /** Lets {@code cursor} show the entry. */
  void read(int index, SsTableCursor cursor) {
    long lengthAndNext = longVarint(offset(index));
    int keyLength = (int) (lengthAndNext >>> 32);
    int keyStart = (int) lengthAndNext;
    cursor.key.set(bytes, keyStart, keyLength);
    int tagAt = keyStart + keyLength;
    int tag = bytes[tagAt] & TAG_MASK;
    cursor.kind = KINDS[tag & KIND_MASK];
    cursor.version = versionAt(tagAt + 1);
    int at = afterVarint(tagAt + 1);
    if ((tag & EXPIRY_FLAG) != 0) {
      cursor.expiryMillis = LittleEndian.getLong(bytes, at);
      at += Long.BYTES;
    } else {
      cursor.expiryMillis = Limits.NO_EXPIRY;
    }
    if (cursor.kind == EntryKind.MERGE) {
      cursor.operatorId = LittleEndian.getShort(bytes, at);
      at += Short.BYTES;
    } else {
      cursor.operatorId = 0;
    }
    cursor.value.set(bytes, at, end(index) - at);
  }

  /** The key of an entry, for messages and checks. */
  Slice key(int index) {
    long lengthAndNext = longVarint(offset(index));
    return new Slice(bytes, (int) lengthAndNext, (int) (lengthAndNext >>> 32));
  }

  private int offset(int index) {
    return wide
        ? LittleEndian.getInt(bytes, offsetsStart + index * Integer.BYTES)
        : LittleEndian.getShort(bytes, offsetsStart + index * Short.BYTES);
  }

  private int end(int index) {
    return index + 1 < entryCount ? offset(index + 1) : offsetsStart;
  }

  /** A length at {@code at} in the upper half, the position behind it in the lower. */
  private long longVarint(int at) {
    int next = at;
    int value = bytes[next++];
    if (value < 0) {
      value &= 0x7F;
      int shift = 7;
      int more;
      do {
        more = bytes[next++];
        value |= (more & 0x7F) << shift;
        shift += 7;
      } while (more < 0);
    }
    return (long) value << 32 | next;
  }

  private long versionAt(int at) {
    int next = at;
    long zigzag = bytes[next++];
    if (zigzag < 0) {
      zigzag &= 0x7F;
      int shift = 7;
      int more;
      do {
        more = bytes[next++];
        zigzag |= (long) (more & 0x7F) << shift;
        shift += 7;
      } while (more < 0);
    }
    return baseVersion + ((zigzag >>> 1) ^ -(zigzag & 1));
  }

  private int afterVarint(int at) {
    int next = at;
    while (bytes[next++] < 0) {
      // the high bit says that another byte follows
    }
    return next;
  }
}
