package io.ppdb.lsm.wal;

import io.ppdb.kv.CommitOrigin;
import io.ppdb.kv.KeyRange;
import io.ppdb.kv.Limits;
import io.ppdb.kv.engine.Entry;
import io.ppdb.kv.engine.EntryKind;
import io.ppdb.lsm.format.ByteReader;
import io.ppdb.lsm.format.ByteWriter;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a commit's record carries besides its version and time.
 *
 * <pre>
 * payload = [tables sized, of a load] · entry …
 * entry   = tag u8 · key length varint · key · [expiry i64] · [operator u16]
 *         · [value length varint] · value
 *         | tag u8 · start length varint · start · [end length varint · end]
 * </pre>
 *
 * The tag is the kind in bits 0 and 1, bit 2 if an expiry follows; a BLOB is a PUT with bit 3,
 * whose value is a handle. Kind 3 deletes a range; bit 2 then says that it has an end. Ranges come
 * before all other entries. With bit 4 an entry is the last, and its value, which has no length,
 * goes on to the end. Tables are written as fields of an edit of the manifest.
 *
 * <p>In the formats 1 to 3 no entry has bit 4, and before the first there are the origin u8 (0
 * user, 1 maintenance) and the number of entries varint.
 *
 * @param deletedRanges not empty, in order, apart from each other
 * @param entries with their version
 * @param tables that the commit brings, encoded; null if it is no load
 */
record CommitPayload(
    CommitOrigin origin, KeyRange[] deletedRanges, Entry[] entries, byte @Nullable [] tables) {
  private static final int EXPIRY_FLAG = 4;
  private static final int KIND_MASK = 3;
  private static final int BLOB_FLAG = 8;
  private static final int LAST_FLAG = 16;
  private static final int MAX_TAG = 7;
  private static final int RANGE_KIND = 3;
  private static final int END_FLAG = 4;

  static void write(ByteWriter writer, KeyRange[] deletedRanges, Entry[] entries) {
    for (KeyRange range : deletedRanges) {
      byte[] end = range.end();
      writer.putByte(RANGE_KIND | (end == null ? 0 : END_FLAG));
      writer.putSized(range.start());
      if (end != null) {
        writer.putSized(end);
      }
    }
    for (int i = 0; i < entries.length; i++) {
      Entry entry = entries[i];
      boolean isLast = i == entries.length - 1;
      boolean expires = entry.expiryMillis() != Limits.NO_EXPIRY;
      boolean isBlob = entry.kind() == EntryKind.BLOB;
      int kind = isBlob ? EntryKind.PUT.code() | BLOB_FLAG : entry.kind().code();
      writer.putByte(kind | (expires ? EXPIRY_FLAG : 0) | (isLast ? LAST_FLAG : 0));
      writer.putSized(entry.key());
      if (expires) {
        writer.putLong(entry.expiryMillis());
      }
      if (entry.kind() == EntryKind.MERGE) {
        writer.putShort(entry.operatorId());
      }
      if (isLast) {
        writer.putBytes(entry.value());
      } else {
        writer.putSized(entry.value());
      }
    }
  }

  /** Reads the payload of the commit {@code version}, which may be that of a load. */
  static CommitPayload read(ByteReader reader, long version, CommitOrigin origin, boolean isLoad) {
    byte[] tables = isLoad ? reader.readSized() : null;
    List<KeyRange> ranges = new ArrayList<>();
    List<Entry> entries = new ArrayList<>();
    while (reader.hasRemaining()) {
      int tag = reader.readByte();
      boolean isLast = (tag & LAST_FLAG) != 0 && (tag & KIND_MASK) != RANGE_KIND;
      readTagged(reader, isLast ? tag - LAST_FLAG : tag, isLast, version, ranges, entries);
    }
    return of(origin, ranges, entries, tables);
  }

  /** As {@link #read}, in the formats 1 to 3. */
  static CommitPayload readCounted(ByteReader reader, long version, boolean isLoad) {
    byte[] tables = isLoad ? reader.readSized() : null;
    CommitOrigin origin = readOrigin(reader);
    int count = reader.readVarint(reader.remaining());
    List<KeyRange> ranges = new ArrayList<>();
    List<Entry> entries = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      readTagged(reader, reader.readByte(), false, version, ranges, entries);
    }
    if (reader.hasRemaining()) {
      throw reader.corrupt(reader.remaining() + " bytes behind the last entry");
    }
    return of(origin, ranges, entries, tables);
  }

  private static CommitPayload of(
      CommitOrigin origin, List<KeyRange> ranges, List<Entry> entries, byte @Nullable [] tables) {
    return new CommitPayload(
        origin, ranges.toArray(KeyRange[]::new), entries.toArray(Entry[]::new), tables);
  }

  private static void readTagged(
      ByteReader reader,
      int tag,
      boolean isLast,
      long version,
      List<KeyRange> ranges,
      List<Entry> entries) {
    if ((tag & KIND_MASK) != RANGE_KIND) {
      entries.add(readEntry(reader, tag, isLast).withVersion(version));
    } else if (entries.isEmpty()) {
      ranges.add(readRange(reader, tag));
    } else {
      throw reader.corrupt("a deleted range behind other entries");
    }
  }

  private static CommitOrigin readOrigin(ByteReader reader) {
    int origin = reader.readByte();
    return switch (origin) {
      case 0 -> CommitOrigin.USER;
      case 1 -> CommitOrigin.MAINTENANCE;
      default -> throw reader.corrupt("origin " + origin + ", expected 0 or 1");
    };
  }

  private static KeyRange readRange(ByteReader reader, int tag) {
    checkTag(reader, tag);
    byte[] start = reader.readSized();
    KeyRange range = KeyRange.between(start, (tag & END_FLAG) == 0 ? null : reader.readSized());
    if (range.isEmpty()) {
      throw reader.corrupt("a deleted range that is empty, " + range);
    }
    return range;
  }

  private static void checkTag(ByteReader reader, int tag) {
    if (tag > MAX_TAG) {
      throw reader.corrupt("entry tag " + tag);
    }
  }

  private static Entry readEntry(ByteReader reader, int tag, boolean isLast) {
    int kind = tag & KIND_MASK;
    boolean isBlob = kind == EntryKind.PUT.code() && (tag & BLOB_FLAG) != 0;
    checkTag(reader, isBlob ? tag - BLOB_FLAG : tag);
    byte[] key = reader.readSized();
    long expiry = (tag & EXPIRY_FLAG) != 0 ? reader.readLong() : Limits.NO_EXPIRY;
    int operatorId = kind == EntryKind.MERGE.code() ? reader.readShort() : 0;
    byte[] value = isLast ? reader.readBytes(reader.remaining()) : reader.readSized();
    return switch (EntryKind.of(kind)) {
      case PUT -> isBlob ? Entry.blob(key, value, expiry) : Entry.put(key, value, expiry);
      case BLOB -> throw reader.corrupt("entry of kind " + kind);
      case DELETE -> Entry.delete(key);
      case MERGE -> Entry.merge(key, value, operatorId);
    };
  }
}
