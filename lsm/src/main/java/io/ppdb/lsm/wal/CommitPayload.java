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
 * payload = [tables sized, of a load] · origin u8 (0 user, 1 maintenance) · entry count varint · entry …
 * entry   = tag u8 · key length varint · key · [expiry i64] · [operator u16]
 *         · value length varint · value
 *         | tag u8 · start length varint · start · [end length varint · end]
 * </pre>
 *
 * The tag is the kind in bits 0 and 1, bit 2 if an expiry follows; a BLOB is a PUT with bit 3,
 * whose value is a handle. Kind 3 deletes a range; bit 2 then says that it has an end. Ranges come
 * before all other entries. Tables are written as fields of an edit of the manifest.
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
  private static final int MAX_TAG = 7;
  private static final int RANGE_KIND = 3;
  private static final int END_FLAG = 4;

  static void write(
      ByteWriter writer, CommitOrigin origin, KeyRange[] deletedRanges, Entry[] entries) {
    writer.putByte(origin == CommitOrigin.USER ? 0 : 1);
    writer.putVarint(deletedRanges.length + (long) entries.length);
    for (KeyRange range : deletedRanges) {
      byte[] end = range.end();
      writer.putByte(RANGE_KIND | (end == null ? 0 : END_FLAG));
      writer.putSized(range.start());
      if (end != null) {
        writer.putSized(end);
      }
    }
    for (Entry entry : entries) {
      boolean expires = entry.expiryMillis() != Limits.NO_EXPIRY;
      boolean isBlob = entry.kind() == EntryKind.BLOB;
      int kind = isBlob ? EntryKind.PUT.code() | BLOB_FLAG : entry.kind().code();
      writer.putByte(kind | (expires ? EXPIRY_FLAG : 0));
      writer.putSized(entry.key());
      if (expires) {
        writer.putLong(entry.expiryMillis());
      }
      if (entry.kind() == EntryKind.MERGE) {
        writer.putShort(entry.operatorId());
      }
      writer.putSized(entry.value());
    }
  }

  /** Reads the payload of the commit {@code version}, whose record is of {@code type}. */
  static CommitPayload read(ByteReader reader, long version, int type) {
    byte[] tables = type == RecordFormat.LOAD ? reader.readSized() : null;
    CommitOrigin origin = readOrigin(reader);
    int count = reader.readVarint(reader.remaining());
    List<KeyRange> ranges = new ArrayList<>();
    List<Entry> entries = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      int tag = reader.readByte();
      if ((tag & KIND_MASK) != RANGE_KIND) {
        entries.add(readEntry(reader, tag).withVersion(version));
      } else if (entries.isEmpty()) {
        ranges.add(readRange(reader, tag));
      } else {
        throw reader.corrupt("a deleted range behind other entries");
      }
    }
    if (reader.hasRemaining()) {
      throw reader.corrupt(reader.remaining() + " bytes behind the last entry");
    }
    return new CommitPayload(
        origin, ranges.toArray(KeyRange[]::new), entries.toArray(Entry[]::new), tables);
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

  private static Entry readEntry(ByteReader reader, int tag) {
    int kind = tag & KIND_MASK;
    boolean isBlob = kind == EntryKind.PUT.code() && (tag & BLOB_FLAG) != 0;
    checkTag(reader, isBlob ? tag - BLOB_FLAG : tag);
    byte[] key = reader.readSized();
    long expiry = (tag & EXPIRY_FLAG) != 0 ? reader.readLong() : Limits.NO_EXPIRY;
    int operatorId = kind == EntryKind.MERGE.code() ? reader.readShort() : 0;
    byte[] value = reader.readSized();
    return switch (EntryKind.of(kind)) {
      case PUT -> isBlob ? Entry.blob(key, value, expiry) : Entry.put(key, value, expiry);
      case BLOB -> throw reader.corrupt("entry of kind " + kind);
      case DELETE -> Entry.delete(key);
      case MERGE -> Entry.merge(key, value, operatorId);
    };
  }
}
