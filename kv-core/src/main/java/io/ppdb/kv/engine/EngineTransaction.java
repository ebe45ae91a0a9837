package io.ppdb.kv.engine;

import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.Isolation;
import io.ppdb.kv.KeyRange;
import io.ppdb.kv.Limits;
import io.ppdb.kv.MergeOperator;
import io.ppdb.kv.PpdbException;
import io.ppdb.kv.Savepoint;
import io.ppdb.kv.ScanOptions;
import io.ppdb.kv.Transaction;
import io.ppdb.kv.TransactionOptions;
import io.ppdb.kv.ValueLease;
import io.ppdb.kv.engine.WriteBuffer.Write;
import io.ppdb.kv.sync.LeakDetector;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A transaction: a {@link WriteBuffer} over a view of the store.
 *
 * <p>States: OPEN, then POISONED by an engine error or at once ENDED. A poisoned transaction only
 * repeats its error until it is rolled back. A statement error (the caller's mistake) changes
 * nothing.
 */
final class EngineTransaction extends EngineView implements Transaction {
  /** A pin in the write buffer; compared by identity. */
  private static final class BufferSavepoint implements Savepoint {
    final long pin;

    BufferSavepoint(long pin) {
      this.pin = pin;
    }
  }

  /** An open cursor and the own writes that it shows. */
  private record OpenCursor(ScanCursor cursor, long pin) {}

  private final LeakDetector.Opening opening = LeakDetector.opened("transaction");
  private final TransactionOptions options;
  private final WriteBuffer buffer;
  private final List<byte[]> requiredKeys = new ArrayList<>();
  private final List<OpenCursor> cursors = new ArrayList<>();

  /** What was read of the store, if this transaction is SERIALIZABLE. */
  private final @Nullable ReadSet reads;

  private @Nullable StoreView view;
  private @Nullable PpdbException poison;
  private @Nullable String ending;

  /** The savepoints that may be rolled back to, oldest first. */
  private final List<BufferSavepoint> savepoints = new ArrayList<>();

  private int rewindCount;

  EngineTransaction(EngineStore store, TransactionOptions options) {
    super(store);
    this.options = options;
    this.buffer = new WriteBuffer(store.space());
    this.reads = options.isolation() == Isolation.SERIALIZABLE ? new ReadSet() : null;
  }

  @Override
  void checkReadable() {
    store.checkOpen();
    if (ending != null) {
      throw new PpdbException(ErrorCode.INVALID_STATE, "the transaction was " + ending);
    }
    if (poison != null) {
      throw poison.repeated();
    }
  }

  @Override
  RuntimeException failed(RuntimeException failure) {
    if (failure instanceof PpdbException known) {
      if (known.code().kind() != ErrorCode.Kind.USER && poison == null) {
        poison = known;
      }
      return known;
    }
    poison = new PpdbException(ErrorCode.INTERNAL, "unexpected " + failure.getMessage(), failure);
    return poison;
  }

  @Override
  void forget(ScanCursor cursor) {
    cursors.removeIf(open -> open.cursor == cursor);
    unpin();
  }

  @Override
  StoreView view() {
    StoreView opened = view;
    if (opened == null) {
      opened = store.openView();
      view = opened;
    }
    return opened;
  }

  @Override
  byte @Nullable [] read(byte[] key) {
    Write write = buffer.get(key);
    if (write == null) {
      return buffer.isInDeletedRange(key) ? null : readThrough(key);
    }
    long instantMillis = view().instantMillis();
    return switch (write.kind) {
      case PUT -> write.expiryMillis > instantMillis ? buffer.copyOfValue(write) : null;
      case DELETE -> null;
      case MERGE -> write.operator().apply(readThrough(key), buffer.value(write)).clone();
    };
  }

  /** Asks the store once, for the keys that own writes do not decide. */
  @Override
  List<byte @Nullable []> readAll(List<byte[]> keys) {
    if (reads == null && !buffer.hasClaims()) {
      return store.getAll(view(), keys);
    }
    List<byte @Nullable []> values = new ArrayList<>(keys.size());
    if (reads != null) {
      for (byte[] key : keys) {
        values.add(read(key));
      }
      return values;
    }
    List<byte[]> asked = new ArrayList<>(keys.size());
    for (byte[] key : keys) {
      if (isReadThrough(key)) {
        asked.add(key);
      }
    }
    Iterator<byte @Nullable []> stored = store.getAll(view(), asked).iterator();
    for (byte[] key : keys) {
      values.add(isReadThrough(key) ? stored.next() : read(key));
    }
    return values;
  }

  /** Whether the transaction has done nothing to {@code key}. */
  private boolean isReadThrough(byte[] key) {
    return buffer.get(key) == null && !buffer.isInDeletedRange(key);
  }

  /** Own writes, and reads that have to be recorded, are copied. */
  @Override
  @Nullable ValueLease readLease(byte[] key) {
    return reads == null && buffer.get(key) == null
        ? store.lease(view(), key)
        : ValueLease.ofNullable(read(key));
  }

  /** Reads what is stored, and records that it was read. */
  private byte @Nullable [] readThrough(byte[] key) {
    return reads == null ? store.get(view(), key) : store.getRecorded(view(), key, reads);
  }

  /** SERIALIZABLE, it counts as a read. */
  @Override
  boolean isUnchanged(byte[] key, long sinceVersion) {
    if (!isReadThrough(key) || !store.isUnchanged(view(), key, sinceVersion)) {
      return false;
    }
    if (reads != null) {
      reads.add(key);
    }
    return true;
  }

  @Override
  ScanCursor open(KeyRange range, ScanOptions scanOptions) {
    OrderedCursor stored = store.scan(view(), range, scanOptions);
    long pin = buffer.pin();
    RangeTombstones deleted = buffer.deletedRanges();
    OrderedCursor left = deleted == null ? stored : new UndeletedCursor(stored, deleted, pin);
    OrderedCursor visible =
        buffer.writeCount() == 0
            ? left
            : new OverlayCursor(
                left,
                new WriteBufferCursor(buffer, range, pin),
                view().instantMillis(),
                scanOptions.keysOnly());
    OrderedCursor recorded = reads == null ? visible : new RecordingCursor(visible, range, reads);
    ScanCursor cursor = new ScanCursor(this, recorded, scanOptions);
    cursors.add(new OpenCursor(cursor, pin));
    return cursor;
  }

  @Override
  public void put(byte[] key, byte[] value, long expiryMillis) {
    beginWrite(key);
    Limits.checkValue(value);
    store.checkExpiry(store.policies(view()), key, expiryMillis);
    checkRoom(key.length + buffer.costOfValue(value.length));
    putOwn(key, value, expiryMillis);
  }

  private void putOwn(byte[] key, byte[] value, long expiryMillis) {
    try {
      buffer.put(key, value, store.expiryOf(store.policies(view()), key, expiryMillis));
    } catch (RuntimeException e) {
      throw failed(e);
    }
  }

  @Override
  public boolean putIfAbsent(byte[] key, byte[] value) {
    beginWrite(key);
    Limits.checkValue(value);
    checkRoom(key.length + buffer.costOfValue(value.length));
    if (get(key) != null) {
      return false;
    }
    putOwn(key, value, Limits.NO_EXPIRY);
    return true;
  }

  @Override
  public void delete(byte[] key) {
    beginWrite(key);
    checkRoom(key.length);
    buffer.delete(key);
  }

  @Override
  public void deleteRange(KeyRange range) {
    checkReadable();
    Limits.checkNotNull(range, "range");
    view();
    if (range.isEmpty()) {
      return;
    }
    checkRoom(WriteBuffer.sizeOf(range));
    buffer.deleteRange(range);
  }

  @Override
  public void merge(MergeOperator operator, byte[] key, byte[] operand) {
    beginWrite(key);
    Limits.checkValue(operand);
    Limits.checkNotNull(operator, "merge operator");
    store.checkMerge(store.policies(view()), operator, key);
    checkRoom(key.length + buffer.costOfValue(operand.length));
    try {
      buffer.merge(operator, key, operand);
    } catch (RuntimeException e) {
      throw failed(e);
    }
  }

  @Override
  public void guard(byte[] key) {
    beginWrite(key);
    checkRoom(key.length);
    buffer.claim(key, Claims.GUARD);
  }

  @Override
  public void lockForUpdate(byte[] key) {
    beginWrite(key);
    checkRoom(key.length);
    buffer.claim(key, Claims.LOCK);
  }

  @Override
  public void requireUnchanged(byte[] key) {
    beginWrite(key);
    for (byte[] required : requiredKeys) {
      if (Arrays.equals(required, key)) {
        return;
      }
    }
    requiredKeys.add(key.clone());
  }

  @Override
  public boolean renew() {
    checkReadable();
    StoreView before = view;
    if (reads != null || !cursors.isEmpty()) {
      return false;
    }
    if (before == null) {
      return true;
    }
    try {
      StoreView renewed =
          store.renew(before, earlier -> buffer.conflictWith(earlier, requiredKeys));
      if (renewed == null) {
        return false;
      }
      if (renewed != before) {
        view = renewed;
        rewindCount++;
        store.closeView(before);
      }
      return true;
    } catch (RuntimeException e) {
      throw failed(e);
    }
  }

  @Override
  public boolean isOutdated(byte[] key) {
    checkReadable();
    return view != null && store.isOutdated(view, key);
  }

  private void beginWrite(byte[] key) {
    checkReadable();
    Limits.checkKey(key);
    view();
  }

  private void checkRoom(long addedBytes) {
    long limit = store.space().maxTransactionBytes();
    if (buffer.sizeInBytes() + addedBytes > limit) {
      long spilledBytes = buffer.spilledBytes();
      throw new PpdbException(
          ErrorCode.TRANSACTION_TOO_LARGE,
          "the transaction holds "
              + buffer.sizeInBytes()
              + " bytes in memory, of "
              + buffer.keys.size()
              + " keys, and would hold "
              + addedBytes
              + " more; at most "
              + limit
              + " are allowed"
              + (spilledBytes == 0 ? "" : ", beside " + spilledBytes + " bytes of spilled values"));
    }
  }

  @Override
  public Savepoint savepoint() {
    checkReadable();
    view();
    BufferSavepoint savepoint = new BufferSavepoint(buffer.pin());
    savepoints.add(savepoint);
    return savepoint;
  }

  @Override
  public void rollbackTo(Savepoint savepoint) {
    checkReadable();
    int index = indexOf(savepoint);
    savepoints.subList(index + 1, savepoints.size()).clear();
    long pin = savepoints.get(index).pin;
    rewindCount++;
    buffer.rollbackTo(pin);
    for (int i = cursors.size() - 1; i >= 0; i--) {
      if (cursors.get(i).pin > pin) {
        cursors
            .remove(i)
            .cursor
            .end(
                new PpdbException(
                    ErrorCode.INVALID_STATE,
                    "the cursor ended when the transaction was rolled back to a savepoint"));
      }
    }
  }

  @Override
  public void release(Savepoint savepoint) {
    checkReadable();
    savepoints.subList(indexOf(savepoint), savepoints.size()).clear();
    unpin();
  }

  private int indexOf(Savepoint savepoint) {
    int index = savepoint instanceof BufferSavepoint own ? savepoints.lastIndexOf(own) : -1;
    if (index < 0) {
      throw new PpdbException(
          ErrorCode.INVALID_SAVEPOINT,
          "the savepoint is not one of this transaction, or it went when the transaction was rolled"
              + " back to an earlier one or released it");
    }
    return index;
  }

  /** Lets the buffer forget writes that no savepoint and no cursor can ask for any more. */
  private void unpin() {
    long pin = savepoints.isEmpty() ? 0 : savepoints.get(savepoints.size() - 1).pin;
    for (OpenCursor open : cursors) {
      pin = Math.max(pin, open.pin);
    }
    buffer.unpinAfter(pin);
  }

  @Override
  public int rewindCount() {
    return rewindCount;
  }

  @Override
  public boolean hasClaims() {
    return buffer.hasClaims();
  }

  @Override
  public boolean isOpen() {
    return ending == null;
  }

  @Override
  public long commit() {
    store.checkOpen();
    if (ending != null) {
      throw new PpdbException(ErrorCode.INVALID_STATE, "the transaction was " + ending);
    }
    if (poison != null) {
      PpdbException cause = poison;
      end("rolled back after " + cause.code());
      throw cause.repeated();
    }
    StoreView since = view();
    if (!buffer.hasClaims()) {
      end("committed");
      return since.version();
    }
    String how = "rolled back: its commit failed";
    LoadWriter load = null;
    try {
      Claims claims = buffer.claims(requiredKeys);
      Commit commit;
      if (buffer.hasTooManyValues()) {
        load = store.space().newLoad();
        commit = spilled(load, claims);
      } else {
        commit =
            new Commit(
                buffer.deletedRangesApart(),
                buffer.entries(),
                claims,
                options.origin(),
                options.durability());
      }
      if (reads != null) {
        reads.complete();
        commit.reads = reads;
      }
      long version = store.commit(commit, since);
      how = "committed";
      return version;
    } finally {
      if (load != null) {
        load.close();
      }
      end(how);
    }
  }

  /** A commit whose entries go to files, one after the other. */
  private Commit spilled(LoadWriter load, Claims claims) {
    return Commit.ofSpilled(
        buffer.deletedRangesApart(),
        load,
        buffer::writeEntries,
        claims,
        options.origin(),
        options.durability());
  }

  @Override
  public void rollback() {
    if (ending == null) {
      end("rolled back");
    }
  }

  @Override
  public void close() {
    rollback();
  }

  private void end(String how) {
    ending = how;
    opening.closed();
    if (!cursors.isEmpty()) {
      PpdbException reason = new PpdbException(ErrorCode.CLOSED, "the transaction was " + how);
      for (OpenCursor open : cursors) {
        open.cursor.end(reason);
      }
      cursors.clear();
    }
    buffer.close();
    if (view != null) {
      store.closeView(view);
    }
  }
}
