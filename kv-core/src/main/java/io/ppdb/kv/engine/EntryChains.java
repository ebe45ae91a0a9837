package io.ppdb.kv.engine;

import io.ppdb.kv.Limits;
import io.ppdb.kv.Slice;
import io.ppdb.kv.skiplist.ByteArena;
import io.ppdb.kv.skiplist.LongArena;
import io.ppdb.kv.skiplist.Varints;

/**
 * The versions of keys as chains of records in arenas, newest first.
 *
 * <pre>
 * record (longs)  older, body reference | depth, version [| jump, depth]
 * body (bytes)    kind and flags (1) | operator id? | expiry (8)? | value length | value
 * </pre>
 *
 * A record is named by its reference in the long arena, 0 is none. All but {@code older} is written
 * before the record is linked and never changes; {@code older} only changes when a record is
 * inserted behind this one.
 *
 * <p><b>Jumps.</b> A record's depth is how many are below it. Those deeper than {@value
 * #MAX_DEPTH_WITHOUT_JUMP} also have a jump to a record below, chosen as in E. W. Myers, "An
 * applicative random-access stack", 1983: any depth is reached in logarithmically many steps. (For
 * a short chain, jumps would cost more than steps: to choose one touches records that nobody reads
 * any more.) A search for what a view sees follows a jump as long as the record it leads to is
 * still too new; so a record that was inserted out of order, behind newer ones whose jumps pass
 * over it, is not missed.
 */
final class EntryChains {
  /** No record. */
  static final int NONE = 0;

  /** A record, as most are. */
  static final int RECORD_SIZE_BYTES = 2 * Long.BYTES;

  /** A record, the optional part included. */
  static final int MAX_RECORD_SIZE_BYTES = 3 * Long.BYTES;

  private static final int VERSION = 1;
  private static final int JUMP = 2;
  private static final int SHORT_LENGTH = 2;
  private static final int LONG_LENGTH = 3;

  private static final long LOW_HALF = 0xFFFF_FFFFL;

  /** In the version: the record has jump and depth. */
  private static final long JUMPS = 1L << 62;

  /** In the version: where the depth of a record without a jump begins. */
  private static final int DEPTH_SHIFT = 57;

  private static final long VERSION_MASK = (1L << DEPTH_SHIFT) - 1;
  private static final int MAX_DEPTH_WITHOUT_JUMP = 16;

  private static final byte[] NO_BYTES = {};
  private static final int KIND_MASK = 3;
  private static final int EXPIRES = 4;

  private final LongArena longs;
  private final ByteArena bytes;

  EntryChains(LongArena longs, ByteArena bytes) {
    this.longs = longs;
    this.bytes = bytes;
  }

  // Bodies

  static int bodySize(EntryKind kind, int operatorId, long expiryMillis, int valueLength) {
    return 1
        + (kind == EntryKind.MERGE ? Varints.length(operatorId) : 0)
        + (expiryMillis != Limits.NO_EXPIRY ? Long.BYTES : 0)
        + Varints.length(valueLength)
        + valueLength;
  }

  static int bodySize(Entry entry) {
    return bodySize(entry.kind(), entry.operatorId(), entry.expiryMillis(), entry.value().length);
  }

  static void writeBody(
      EntryKind kind, int operatorId, long expiryMillis, Slice value, byte[] array, int offset) {
    int at = writeBodyHeader(kind, operatorId, expiryMillis, value.length(), array, offset);
    System.arraycopy(value.array(), value.offset(), array, at, value.length());
  }

  static void writeBody(Entry entry, byte[] array, int offset) {
    byte[] value = entry.value();
    int at =
        writeBodyHeader(
            entry.kind(), entry.operatorId(), entry.expiryMillis(), value.length, array, offset);
    System.arraycopy(value, 0, array, at, value.length);
  }

  private static int writeBodyHeader(
      EntryKind kind,
      int operatorId,
      long expiryMillis,
      int valueLength,
      byte[] array,
      int offset) {
    int at = offset;
    boolean expires = expiryMillis != Limits.NO_EXPIRY;
    array[at++] = (byte) (kind.code() | (expires ? EXPIRES : 0));
    if (kind == EntryKind.MERGE) {
      at = Varints.write(operatorId, array, at);
    }
    if (expires) {
      for (int shift = Long.SIZE - Byte.SIZE; shift >= 0; shift -= Byte.SIZE) {
        array[at++] = (byte) (expiryMillis >>> shift);
      }
    }
    return Varints.write(valueLength, array, at);
  }

  /** What a body says, read from its bytes. Reused; not thread-safe. */
  final class Body {
    EntryKind kind = EntryKind.DELETE;
    int operatorId;
    long expiryMillis;
    byte[] array = NO_BYTES;
    int valueOffset;
    int valueLength;

    void read(int record) {
      int reference = (int) longs.get(record);
      array = bytes.array(reference);
      int at = ByteArena.offset(reference);
      int flags = array[at++];
      kind = EntryKind.of(flags & KIND_MASK);
      operatorId = 0;
      if (kind == EntryKind.MERGE) {
        operatorId = Varints.read(array, at);
        at += Varints.length(operatorId);
      }
      expiryMillis = Limits.NO_EXPIRY;
      if ((flags & EXPIRES) != 0) {
        expiryMillis = 0;
        for (int i = 0; i < Long.BYTES; i++) {
          expiryMillis = (expiryMillis << Byte.SIZE) | (array[at++] & 0xFF);
        }
      }
      valueLength = Varints.read(array, at);
      valueOffset = at + Varints.length(valueLength);
    }
  }

  // Records

  /** A record with nothing below it; not linked yet. */
  int bottom(long version, int bodyReference) {
    assert (version & ~VERSION_MASK) == 0 : "version " + version;
    int record = longs.allocate(SHORT_LENGTH);
    longs.set(record, pair(NONE, bodyReference));
    longs.set(record + VERSION, version);
    return record;
  }

  /** A record in front of {@code older}; not linked yet. */
  int above(int older, long version, int bodyReference) {
    assert (version & ~VERSION_MASK) == 0 : "version " + version;
    int depth = depth(older) + 1;
    boolean jumps = depth > MAX_DEPTH_WITHOUT_JUMP;
    int record = longs.allocate(jumps ? LONG_LENGTH : SHORT_LENGTH);
    longs.set(record, pair(older, bodyReference));
    if (jumps) {
      longs.set(record + VERSION, version | JUMPS);
      setJump(record, older);
    } else {
      longs.set(record + VERSION, version | (long) depth << DEPTH_SHIFT);
    }
    return record;
  }

  private void setJump(int record, int older) {
    int near = jump(older);
    int far = jump(near);
    boolean equallyFar = depth(older) - depth(near) == depth(near) - depth(far);
    longs.set(record + JUMP, pair(equallyFar ? far : older, depth(older) + 1));
  }

  /** Where the record's jump leads; to itself if it has none. */
  private int jump(int record) {
    return jumps(record) ? (int) (longs.get(record + JUMP) >>> Integer.SIZE) : record;
  }

  private int depth(int record) {
    long version = longs.get(record + VERSION);
    return (version & JUMPS) != 0
        ? (int) longs.get(record + JUMP)
        : (int) (version >>> DEPTH_SHIFT);
  }

  private boolean jumps(int record) {
    return (longs.get(record + VERSION) & JUMPS) != 0;
  }

  private static long pair(int high, int low) {
    return ((long) high << Integer.SIZE) | (low & LOW_HALF);
  }

  long version(int record) {
    return longs.get(record + VERSION) & VERSION_MASK;
  }

  int older(int record) {
    return (int) (longs.getAcquire(record) >>> Integer.SIZE);
  }

  /** Links {@code record} behind {@code newer}, in front of {@code expected}. */
  boolean link(int newer, int expected, int record) {
    int body = (int) longs.get(newer);
    return longs.compareAndSet(newer, pair(expected, body), pair(record, body));
  }

  /**
   * Lets an unlinked record stand in front of {@code older}. If it has no jump it gets none: then
   * those above it count from there.
   */
  void setOlder(int record, int older) {
    longs.set(record, pair(older, (int) longs.get(record)));
    if (jumps(record)) {
      setJump(record, older);
    }
  }

  /** The first record at or below {@code head} that is not newer than {@code version}, or none. */
  int atMost(int head, long version) {
    int record = head;
    while (record != NONE && version(record) > version) {
      int far = jump(record);
      record = far != record && version(far) > version ? far : older(record);
    }
    return record;
  }
}
