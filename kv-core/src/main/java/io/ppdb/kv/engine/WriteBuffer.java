package io.ppdb.kv.engine;

import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.KeyRange;
import io.ppdb.kv.Limits;
import io.ppdb.kv.MergeOperator;
import io.ppdb.kv.PpdbException;
import io.ppdb.kv.WriteBatch.Kind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The writes and claims of one transaction.
 *
 * <p>Every write and every savepoint has a sequence number of its own. A key keeps a stack of its
 * writes, newest first, each folded onto those before: undo pops, and a cursor that was opened at
 * sequence q reads the newest write not after q. A write replaces the one before it when no
 * savepoint or cursor can ask for that any more.
 *
 * <p>Deleted ranges are kept beside, with sequence numbers of their own. A range delete also
 * deletes each key in it that has a write, so a key's newest write always counts, and only keys
 * without one are asked for in {@link #deletedRanges}.
 *
 * <p>Keys, claims and the stacks are in memory; of values as many as the storage says, and the
 * others are in {@link SpilledValues}: a write has its value or knows where it lies, and only who
 * needs the value reads it. Not thread-safe.
 */
final class WriteBuffer implements AutoCloseable {
  private record RangeDelete(long sequence, KeyRange range) {}

  /** What a written key costs besides key and value. */
  private static final int WRITE_OVERHEAD_BYTES = 150;

  /** What a write costs that lies on another one, which it can be taken back to. */
  private static final int STACKED_BYTES = 64;

  /** What a value that was spilled costs. */
  private static final int PLACE_BYTES = 40;

  private static final byte[] NO_VALUE = {};

  /** For writes of keys in a claimed range. */
  private static final byte NO_CLAIM = 0;

  /** A write as later reads of the transaction see it. */
  static final class Write {
    final long sequence;
    final Kind kind;

    /** The value of a PUT, the folded operand of a MERGE, empty for a DELETE; null if spilled. */
    private final byte @Nullable [] held;

    private final SpilledValues.@Nullable Place place;
    final long expiryMillis;
    final @Nullable MergeOperator operator;
    final @Nullable Write before;

    Write(
        long sequence,
        Kind kind,
        byte @Nullable [] held,
        SpilledValues.@Nullable Place place,
        long expiryMillis,
        @Nullable MergeOperator operator,
        @Nullable Write before) {
      this.sequence = sequence;
      this.kind = kind;
      this.held = held;
      this.place = place;
      this.expiryMillis = expiryMillis;
      this.operator = operator;
      this.before = before;
    }

    int valueLength() {
      return place != null ? place.length : held == null ? 0 : held.length;
    }

    MergeOperator operator() {
      if (operator == null) {
        throw new IllegalStateException("a " + kind + " has no operator");
      }
      return operator;
    }
  }

  /** What the transaction did to one key. */
  static final class KeyState {
    /** One of the modes of {@link Claims}; only ever grows, also when writes are taken back. */
    byte claim;

    @Nullable Write newest;

    /** The newest write whose sequence is at most {@code sequence}. */
    @Nullable Write at(long sequence) {
      Write write = newest;
      while (write != null && write.sequence > sequence) {
        write = write.before;
      }
      return write;
    }
  }

  final TreeMap<byte[], KeyState> keys = new TreeMap<>(Arrays::compareUnsigned);
  private final List<KeyRange> claimedRanges = new ArrayList<>();

  /** Those that were not taken back, oldest first. */
  private final List<RangeDelete> rangeDeletes = new ArrayList<>();

  /** The same by key, with sequence numbers for versions; null if there are none. */
  private @Nullable RangeTombstones deletedRanges;

  /**
   * Keys in the order of their stacked writes, for undo: one element a stacked write. What was
   * written while nothing was pinned cannot be taken back, and is not here.
   */
  private final ArrayList<KeyState> log = new ArrayList<>();

  private long sequence;

  /** Writes up to this sequence are asked for by a savepoint or a cursor: never replaced. */
  private long pinnedSequence;

  private int writeCount;
  private long sizeInBytes;

  private final TransactionSpace space;
  private final long maxHeldBytes;

  /** Of the values in memory. */
  private long heldBytes;

  /** The other values; null if there never were any. */
  private @Nullable SpilledValues spilled;

  /** A buffer whose values spill to a scratch file of {@code space}. */
  WriteBuffer(TransactionSpace space) {
    this.space = space;
    this.maxHeldBytes = space.maxTransactionBytesInMemory();
  }

  /** What is in memory. */
  long sizeInBytes() {
    return sizeInBytes;
  }

  /** The bytes of values that are not in memory. */
  long spilledBytes() {
    return spilled == null ? 0 : spilled.liveBytes();
  }

  /** What one more value of {@code length} bytes costs in memory. */
  long costOfValue(int length) {
    return isHeld(length, null) ? length : PLACE_BYTES;
  }

  /** Whether a value of {@code length} bytes stays in memory, with {@code replaced} gone. */
  private boolean isHeld(int length, @Nullable Write replaced) {
    long freed = replaced == null || replaced.held == null ? 0 : replaced.held.length;
    return length == 0 || heldBytes - freed + length <= maxHeldBytes;
  }

  /** The value of a write of this buffer: the buffer's, or one read for the caller. */
  byte[] value(Write write) {
    if (write.place != null) {
      return spilled().read(write.place);
    }
    return write.held == null ? NO_VALUE : write.held;
  }

  /** The value of a write of this buffer; the caller's own. */
  byte[] copyOfValue(Write write) {
    return write.place == null ? value(write).clone() : value(write);
  }

  /** Whether the commit has more values than may be in memory: they go to files. */
  boolean hasTooManyValues() {
    if (spilledBytes() == 0) {
      return false; // then all are in memory
    }
    long bytes = 0;
    for (KeyState state : keys.values()) {
      bytes += state.newest == null ? 0 : state.newest.valueLength();
    }
    return bytes > maxHeldBytes;
  }

  boolean hasClaims() {
    return !keys.isEmpty() || !claimedRanges.isEmpty();
  }

  /** How many keys have a write. */
  int writeCount() {
    return writeCount;
  }

  /** The ranges deleted, with sequence numbers for versions; null if there are none. */
  @Nullable RangeTombstones deletedRanges() {
    return deletedRanges;
  }

  /** Whether a range with {@code key} was deleted. */
  boolean isInDeletedRange(byte[] key) {
    return deletedRanges != null && deletedRanges.newest(key, sequence) > 0;
  }

  /** A point between what was and what will be written; both stay separate from now on. */
  long pin() {
    pinnedSequence = ++sequence;
    return pinnedSequence;
  }

  /** Says that no pin after {@code pin} will be asked for again. */
  void unpinAfter(long pin) {
    pinnedSequence = pin;
  }

  @Nullable Write get(byte[] key) {
    KeyState state = keys.get(key);
    return state == null ? null : state.newest;
  }

  /** Puts; both arrays stay the caller's. Of this, and of a merge, a failure changes nothing. */
  void put(byte[] key, byte[] value, long expiryMillis) {
    push(key, Kind.PUT, value, expiryMillis, null, Claims.WRITE);
  }

  void delete(byte[] key) {
    push(key, Kind.DELETE, NO_VALUE, Limits.NO_EXPIRY, null, Claims.WRITE);
  }

  /**
   * Folds an operand onto what the transaction wrote to the key before, if it did. The arrays stay
   * the caller's.
   */
  void merge(MergeOperator operator, byte[] key, byte[] operand) {
    long never = Limits.NO_EXPIRY;
    Write before = get(key);
    if (before == null) {
      if (isInDeletedRange(key)) {
        push(key, Kind.PUT, operator.apply(null, operand), never, null, Claims.MERGE);
      } else {
        push(key, Kind.MERGE, operand, never, operator, Claims.MERGE);
      }
      return;
    }
    switch (before.kind) {
      case PUT ->
          push(key, Kind.PUT, operator.apply(value(before), operand), never, null, Claims.MERGE);
      case DELETE -> push(key, Kind.PUT, operator.apply(null, operand), never, null, Claims.MERGE);
      case MERGE -> {
        if (before.operator().id() != operator.id()) {
          throw new PpdbException(
              ErrorCode.INVALID_ARGUMENT,
              "merge operator "
                  + operator.name()
                  + " on a key that this transaction merged by "
                  + before.operator().name()
                  + "; a key has one operator");
        }
        byte[] both = operator.combine(value(before), operand);
        push(key, Kind.MERGE, both, never, operator, Claims.MERGE);
      }
    }
  }

  void claim(byte[] key, byte claim) {
    KeyState state = keys.get(key);
    if (state == null) {
      state = new KeyState();
      keys.put(key.clone(), state);
      sizeInBytes += key.length + WRITE_OVERHEAD_BYTES;
    }
    state.claim |= claim;
  }

  /** Deletes every key of a range, which is not empty. */
  void deleteRange(KeyRange range) {
    byte[] end = range.end();
    KeyRange own = KeyRange.of(range.start().clone(), end == null ? null : end.clone());
    claimedRanges.add(own);
    sizeInBytes += sizeOf(own);
    for (Map.Entry<byte[], KeyState> element : within(own).entrySet()) {
      Write newest = element.getValue().newest;
      if (newest != null && newest.kind != Kind.DELETE) {
        push(element.getKey(), Kind.DELETE, NO_VALUE, Limits.NO_EXPIRY, null, NO_CLAIM);
      }
    }
    RangeDelete delete = new RangeDelete(++sequence, own);
    rangeDeletes.add(delete);
    deletedRanges = RangeTombstones.join(deletedRanges, tombstone(delete));
  }

  /** What a range delete costs. */
  static long sizeOf(KeyRange range) {
    return RangeTombstones.sizeOf(range) + WRITE_OVERHEAD_BYTES;
  }

  private static RangeTombstones tombstone(RangeDelete delete) {
    return RangeTombstones.of(delete.range, delete.sequence);
  }

  private SortedMap<byte[], KeyState> within(KeyRange range) {
    byte[] end = range.end();
    return end == null ? keys.tailMap(range.start()) : keys.subMap(range.start(), end);
  }

  private void push(
      byte[] key,
      Kind kind,
      byte[] value,
      long expiryMillis,
      @Nullable MergeOperator operator,
      byte claim) {
    KeyState state = keys.get(key);
    Write before = state == null ? null : state.newest;
    Write replaced = before != null && before.sequence > pinnedSequence ? before : null;
    boolean held = isHeld(value.length, replaced);
    SpilledValues.Place place = held ? null : spill(value);
    if (state == null) {
      state = new KeyState();
      keys.put(key.clone(), state);
      sizeInBytes += key.length + WRITE_OVERHEAD_BYTES;
    }
    state.claim |= claim;
    if (before == null) {
      writeCount++;
    }
    if (replaced != null) {
      forgetValue(replaced);
      before = replaced.before;
    } else if (pinnedSequence > 0) {
      log.add(state);
      sizeInBytes += before == null ? 0 : STACKED_BYTES;
    }
    byte[] own = held ? (value.length == 0 ? NO_VALUE : value.clone()) : null;
    state.newest = new Write(++sequence, kind, own, place, expiryMillis, operator, before);
    heldBytes += held ? value.length : 0;
    sizeInBytes += held ? value.length : PLACE_BYTES;
  }

  private SpilledValues.Place spill(byte[] value) {
    SpilledValues values = spilled;
    if (values == null) {
      values = new SpilledValues(space);
      spilled = values;
    }
    if (values.isWasteful()) {
      List<SpilledValues.Place> places = new ArrayList<>();
      for (KeyState state : keys.values()) {
        for (Write write = state.newest; write != null; write = write.before) {
          if (write.place != null) {
            places.add(write.place);
          }
        }
      }
      values.rewrite(places);
    }
    return values.add(value);
  }

  private SpilledValues spilled() {
    return Objects.requireNonNull(spilled);
  }

  private void forgetValue(Write write) {
    if (write.place != null) {
      spilled().forget(write.place);
      sizeInBytes -= PLACE_BYTES;
    } else {
      heldBytes -= write.valueLength();
      sizeInBytes -= write.valueLength();
    }
  }

  /** Takes back the writes after {@code pin}. */
  void rollbackTo(long pin) {
    for (int i = log.size() - 1; i >= 0; i--) {
      KeyState state = log.get(i);
      Write newest = state.newest;
      if (newest == null || newest.sequence < pin) {
        break;
      }
      state.newest = newest.before;
      forgetValue(newest);
      if (newest.before == null) {
        writeCount--;
      } else {
        sizeInBytes -= STACKED_BYTES;
      }
      log.remove(i);
    }
    int kept = rangeDeletes.size();
    while (kept > 0 && rangeDeletes.get(kept - 1).sequence > pin) {
      kept--;
    }
    if (kept < rangeDeletes.size()) {
      rangeDeletes.subList(kept, rangeDeletes.size()).clear();
      deletedRanges =
          RangeTombstones.join(rangeDeletes.stream().map(WriteBuffer::tombstone).toList());
    }
  }

  /** What the commit deletes below its entries: ranges in order, apart from each other. */
  KeyRange[] deletedRangesApart() {
    return rangeDeletes.isEmpty()
        ? Claims.NO_RANGES
        : apart(rangeDeletes.stream().map(RangeDelete::range).toList());
  }

  /** The same keys as those of {@code ranges}, in as few ranges as possible, in order. */
  private static KeyRange[] apart(List<KeyRange> ranges) {
    if (ranges.isEmpty()) {
      return Claims.NO_RANGES;
    }
    List<KeyRange> apart = new ArrayList<>();
    RangeTombstones all =
        RangeTombstones.join(ranges.stream().map(range -> RangeTombstones.of(range, 1)).toList());
    Objects.requireNonNull(all).forEach((range, versions) -> apart.add(range));
    return apart.toArray(KeyRange[]::new);
  }

  /** What the commit installs: one entry a key, in key order, above the deleted ranges. */
  Entry[] entries() {
    Entry[] entries = new Entry[writeCount];
    int count = 0;
    for (Map.Entry<byte[], KeyState> element : keys.entrySet()) {
      Entry entry = entryOf(element.getKey(), element.getValue());
      if (entry != null) {
        entries[count++] = entry;
      }
    }
    return count == entries.length ? entries : Arrays.copyOf(entries, count);
  }

  /** The same one by one, so that no more than one value is in memory that was spilled. */
  void writeEntries(LoadWriter files) {
    for (Map.Entry<byte[], KeyState> element : keys.entrySet()) {
      Entry entry = entryOf(element.getKey(), element.getValue());
      if (entry != null) {
        files.add(entry);
      }
    }
  }

  private @Nullable Entry entryOf(byte[] key, KeyState state) {
    Write write = state.newest;
    if (write == null || (write.kind == Kind.DELETE && isInDeletedRange(key))) {
      return null;
    }
    return switch (write.kind) {
      case PUT -> Entry.put(key, value(write), write.expiryMillis);
      case DELETE -> Entry.delete(key);
      case MERGE -> Entry.merge(key, value(write), write.operator().id());
    };
  }

  /** What the commit claims, and requires. */
  Claims claims(List<byte[]> requiredKeys) {
    byte[][] claimed = new byte[keys.size()][];
    byte[] modes = new byte[keys.size()];
    int count = 0;
    for (Map.Entry<byte[], KeyState> element : keys.entrySet()) {
      KeyState state = element.getValue();
      claimed[count] = element.getKey();
      // A write that was taken back still claims its key, but changes nothing.
      modes[count++] = state.newest == null ? (byte) (state.claim & Claims.EXCLUSIVE) : state.claim;
    }
    byte[][] required =
        requiredKeys.isEmpty() ? Claims.NO_KEYS : requiredKeys.toArray(byte[][]::new);
    return new Claims(claimed, modes, apart(claimedRanges), required);
  }

  /**
   * A key or range that these claims and an earlier commit's cannot both have, or a required one
   * that it changed or locked; null if there is none. Costs by what the commit claims, not by what
   * there is here, but for ranges and files.
   */
  @Nullable Object conflictWith(Claims earlier, List<byte[]> requiredKeys) {
    if (!claimedRanges.isEmpty() || earlier.files() != null) {
      return claims(requiredKeys).conflictWith(earlier);
    }
    byte[][] others = earlier.keys();
    for (int i = 0; i < others.length; i++) {
      KeyState state = keys.get(others[i]);
      if (state != null && ((state.claim | earlier.modes()[i]) & Claims.EXCLUSIVE) != 0) {
        return others[i];
      }
    }
    for (KeyRange range : earlier.ranges()) {
      if (!within(range).isEmpty()) {
        return range;
      }
    }
    for (byte[] required : requiredKeys) {
      if (earlier.changesOrLocks(required)) {
        return required;
      }
    }
    return null;
  }

  /** Deletes what was spilled; nothing is asked for any more. */
  @Override
  public void close() {
    if (spilled != null) {
      spilled.close();
    }
  }
}
