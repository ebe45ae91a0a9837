package io.ppdb.kv.engine;

import io.ppdb.kv.Limits;

/**
 * One write of a commit.
 *
 * <p>Immutable but for {@code version}, which is set once, when the commit gets it. The arrays are
 * owned by the entry and never change.
 */
public final class Entry {
  private static final byte[] NO_VALUE = {};

  private final byte[] key;
  private final byte[] value;
  private final EntryKind kind;
  private final int operatorId;
  private final long expiryMillis;
  private long version;

  private Entry(byte[] key, byte[] value, EntryKind kind, int operatorId, long expiryMillis) {
    this.key = key;
    this.value = value;
    this.kind = kind;
    this.operatorId = operatorId;
    this.expiryMillis = expiryMillis;
  }

  public static Entry put(byte[] key, byte[] value, long expiryMillis) {
    return new Entry(key, value, EntryKind.PUT, 0, expiryMillis);
  }

  /** A put of a value that the storage keeps elsewhere; see {@link EntryKind#BLOB}. */
  public static Entry blob(byte[] key, byte[] handle, long expiryMillis) {
    return new Entry(key, handle, EntryKind.BLOB, 0, expiryMillis);
  }

  public static Entry delete(byte[] key) {
    return new Entry(key, NO_VALUE, EntryKind.DELETE, 0, Limits.NO_EXPIRY);
  }

  public static Entry merge(byte[] key, byte[] operand, int operatorId) {
    return new Entry(key, operand, EntryKind.MERGE, operatorId, Limits.NO_EXPIRY);
  }

  /** The entry that {@code cursor} stands on, with its version. */
  public static Entry copyOf(EntryCursor cursor) {
    Entry entry =
        new Entry(
            cursor.key().toByteArray(),
            cursor.value().toByteArray(),
            cursor.kind(),
            cursor.operatorId(),
            cursor.expiryMillis());
    entry.version = cursor.version();
    return entry;
  }

  /** Gives a fresh entry its version; for the pipeline and for recovery. */
  public Entry withVersion(long newVersion) {
    assert version == 0 && newVersion > 0 : version + " -> " + newVersion;
    version = newVersion;
    return this;
  }

  public byte[] key() {
    return key;
  }

  /** The value of a PUT, the operand of a MERGE, the handle of a BLOB, empty for a DELETE. */
  public byte[] value() {
    return value;
  }

  public EntryKind kind() {
    return kind;
  }

  /** The id of the merge operator of a MERGE, 0 otherwise. */
  public int operatorId() {
    return operatorId;
  }

  public long expiryMillis() {
    return expiryMillis;
  }

  public long version() {
    return version;
  }
}
