package io.ppdb.lsm.wal;

import io.ppdb.kv.CommitOrigin;
import io.ppdb.kv.Limits;
import io.ppdb.kv.engine.Entry;
import io.ppdb.kv.engine.EntryKind;
import io.ppdb.lsm.format.ByteReader;
import io.ppdb.lsm.format.ByteWriter;

/**
 * What a commit's record carries besides its version and time.
 *
 * <pre>
 * payload = origin u8 (0 user, 1 maintenance) · entry count varint · entry …
 * entry   = tag u8 · key length varint · key · [expiry i64] · [operator u16]
 *         · value length varint · value
 * </pre>
 *
 * The tag is that of an sstable's entry: the kind in bits 0 and 1, bit 2 if an expiry follows.
 */
final class CommitPayload {
  private static final int EXPIRY_FLAG = 4;
  private static final int KIND_MASK = 3;
  private static final int MAX_TAG = 7;

  private CommitPayload() {}

  static void write(ByteWriter writer, CommitOrigin origin, Entry[] entries) {
    writer.putByte(origin == CommitOrigin.USER ? 0 : 1);
    writer.putVarint(entries.length);
    for (Entry entry : entries) {
      boolean expires = entry.expiryMillis() != Limits.NO_EXPIRY;
      writer.putByte(entry.kind().code() | (expires ? EXPIRY_FLAG : 0));
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

  static CommitOrigin readOrigin(ByteReader reader) {
    int origin = reader.readByte();
    return switch (origin) {
      case 0 -> CommitOrigin.USER;
      case 1 -> CommitOrigin.MAINTENANCE;
      default -> throw reader.corrupt("origin " + origin + ", expected 0 or 1");
    };
  }

  /** The entries, which follow the origin, with {@code version}. */
  static Entry[] readEntries(ByteReader reader, long version) {
    Entry[] entries = new Entry[reader.readVarint(reader.remaining())];
    for (int i = 0; i < entries.length; i++) {
      entries[i] = readEntry(reader).withVersion(version);
    }
    if (reader.hasRemaining()) {
      throw reader.corrupt(reader.remaining() + " bytes behind the last entry");
    }
    return entries;
  }

  private static Entry readEntry(ByteReader reader) {
    int tag = reader.readByte();
    int kind = tag & KIND_MASK;
    if (tag > MAX_TAG || kind > EntryKind.MERGE.code()) {
      throw reader.corrupt("entry tag " + tag);
    }
    byte[] key = reader.readSized();
    long expiry = (tag & EXPIRY_FLAG) != 0 ? reader.readLong() : Limits.NO_EXPIRY;
    int operatorId = kind == EntryKind.MERGE.code() ? reader.readShort() : 0;
    byte[] value = reader.readSized();
    return switch (EntryKind.of(kind)) {
      case PUT -> Entry.put(key, value, expiry);
      case DELETE -> Entry.delete(key);
      case MERGE -> Entry.merge(key, value, operatorId);
    };
  }
}
