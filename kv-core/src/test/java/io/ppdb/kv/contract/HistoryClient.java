package io.ppdb.kv.contract;

import static io.ppdb.kv.contract.OracleStore.bytes;
import static io.ppdb.kv.contract.OracleStore.text;

import io.ppdb.kv.BulkLoad;
import io.ppdb.kv.Cursor;
import io.ppdb.kv.Durability;
import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.Isolation;
import io.ppdb.kv.KeyRange;
import io.ppdb.kv.KeyValueStore;
import io.ppdb.kv.Limits;
import io.ppdb.kv.MergeOperators;
import io.ppdb.kv.PpdbException;
import io.ppdb.kv.ReadView;
import io.ppdb.kv.Savepoint;
import io.ppdb.kv.ScanOptions;
import io.ppdb.kv.Snapshot;
import io.ppdb.kv.Transaction;
import io.ppdb.kv.TransactionOptions;
import io.ppdb.kv.WriteBatch;
import io.ppdb.kv.contract.Execution.Asked;
import io.ppdb.kv.contract.Execution.Outcome;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A client that makes random calls and records them. Each {@link #step} is one call; the client is
 * used by one thread at a time, its store and clock may be shared.
 */
final class HistoryClient {
  private static final String[] KEYS = {
    "", "a", "b", "c/0", "c/1", "c/2", "d", "e/0", "e/1", "e/2", "f", "g"
  };

  /** Range bounds besides the keys. */
  private static final String[] BOUNDS = {"", "a", "c/", "c/1", "c0", "d", "e/", "e/1", "f", "z"};

  /** Enough keys to tell which ranges another range overlaps. */
  static final List<String> KEYS_AND_BOUNDS =
      Stream.concat(Stream.of(KEYS), Stream.of(BOUNDS)).toList();

  private static final int READS_PER_VIEW = 20;
  private static final int WRITE_CHOICES = 20;

  private final int number;
  private final Random random;
  private KeyValueStore store;
  private final ManualClock clock;

  /** The greatest version that any client's commit has returned. */
  private final AtomicLong returned;

  private final List<Execution> finished = new ArrayList<>();
  private final List<Savepoint> savepoints = new ArrayList<>();

  /** Open cursors; null where one was closed or has ended. */
  private final List<@Nullable Cursor> cursors = new ArrayList<>();

  /** How many own savepoints were made before each cursor was opened. */
  private final List<Integer> cursorSavepoints = new ArrayList<>();

  private int callNumber;
  private long openedVersion;
  private @Nullable Execution current;
  private @Nullable ReadView view;
  private long valueCount;

  HistoryClient(
      int number, long seed, KeyValueStore store, ManualClock clock, AtomicLong returned) {
    this.number = number;
    this.random = new Random(seed);
    this.store = store;
    this.clock = clock;
    this.returned = returned;
  }

  /** What was recorded; after {@link #finish}. */
  List<Execution> finished() {
    return finished;
  }

  /** Goes on with another store that is the same; nothing is under way. */
  void use(KeyValueStore reopened) {
    store = reopened;
    openedVersion = returned.get();
  }

  /** Says which of all clients' calls comes next. */
  void at(int newCallNumber) {
    callNumber = newCallNumber;
  }

  /** Makes one call. */
  void step() {
    Execution execution = current;
    if (execution == null) {
      int choice = random.nextInt(24);
      if (choice == 0) {
        bulkLoad();
      } else if (choice < 6) {
        writeBatch();
      } else {
        begin(random.nextInt(5) == 0);
      }
      return;
    }
    if (random.nextInt(30) == 0) {
      clock.advance(1 + random.nextInt(3));
    }
    if (view instanceof Transaction transaction && random.nextInt(3) > 0) {
      write(execution, transaction);
    } else if (view != null) {
      read(execution, view);
    }
  }

  /** Ends what is under way. */
  void finish() {
    if (view instanceof Transaction transaction && current != null) {
      commit(current, transaction);
    }
    end(Outcome.ROLLED_BACK);
  }

  /** Gives up what is under way: a call has failed, and what became of the commit is known. */
  void giveUp(boolean isKnown) {
    try {
      end(isKnown ? Outcome.ROLLED_BACK : Outcome.UNKNOWN);
    } finally {
      current = null;
      view = null;
    }
  }

  /** Opens snapshots of now and of the past, one after the other, and reads from each. */
  void readViews(int count) {
    for (int i = 0; i < count; i++) {
      begin(true);
      Execution execution = current;
      for (int j = 0; j < READS_PER_VIEW && execution != null && view != null; j++) {
        read(execution, view);
        execution = current;
      }
      finish();
    }
  }

  private void begin(boolean snapshot) {
    Execution execution = new Execution(number, false);
    execution.returnedBefore = returned.get();
    execution.serializable = !snapshot && random.nextBoolean() && store.properties().serializable();
    TransactionOptions options =
        TransactionOptions.DEFAULT
            .withDurability(Durability.ASYNC)
            .withIsolation(execution.serializable ? Isolation.SERIALIZABLE : Isolation.SNAPSHOT);
    execution.beganNanos = System.nanoTime();
    execution.millisBeforeOpening = clock.millis();
    ReadView opened = snapshot ? openSnapshot(execution) : store.begin(options);
    execution.millisAfterOpening = clock.millis();
    execution.version = opened.version();
    execution.instantMillis = opened.instantMillis();
    current = execution;
    view = opened;
  }

  /** A snapshot of now or, more often, of some time not long ago. */
  private Snapshot openSnapshot(Execution execution) {
    if (!store.properties().asOf() || random.nextInt(3) == 0) {
      return store.snapshot();
    }
    if (random.nextBoolean()) {
      execution.asked = Asked.BY_VERSION;
      return store.snapshotAt(Math.max(0, execution.returnedBefore - random.nextInt(30)));
    }
    execution.asked = Asked.BY_INSTANT;
    long ago = random.nextInt(2 * Histories.MAX_HISTORY_MILLIS);
    return store.snapshotAt(Instant.ofEpochMilli(clock.millis() - ago));
  }

  private void end(Outcome outcome) {
    Execution execution = current;
    if (execution == null) {
      return;
    }
    execution.outcome = outcome;
    execution.endedNanos = System.nanoTime();
    execution.endedAtCall = callNumber;
    finished.add(execution);
    for (Cursor cursor : cursors) {
      if (cursor != null) {
        cursor.close();
      }
    }
    cursors.clear();
    cursorSavepoints.clear();
    savepoints.clear();
    if (view != null) {
      view.close();
    }
    current = null;
    view = null;
  }

  private void commit(Execution execution, Transaction transaction) {
    execution.returnedBeforeCommit = returned.get();
    execution.commitAskedNanos = System.nanoTime();
    execution.millisBeforeCommit = clock.millis();
    Outcome outcome;
    try {
      execution.commitVersion = transaction.commit();
      returned.accumulateAndGet(execution.commitVersion, Math::max);
      outcome = Outcome.COMMITTED;
    } catch (PpdbException e) {
      if (e.code() != ErrorCode.CONFLICT) {
        throw e;
      }
      outcome = Outcome.CONFLICT;
    }
    execution.millisAfterCommit = clock.millis();
    end(outcome);
  }

  private void read(Execution execution, ReadView from) {
    switch (random.nextInt(10)) {
      case 0, 1, 2 -> {
        String key = key();
        unlessTooOld(
            execution,
            List.of(key),
            () -> execution.steps.add(new Step.Get(key, read(from.get(bytes(key))))));
      }
      case 3 -> {
        List<String> keys = List.of(key(), key(), key());
        unlessTooOld(
            execution,
            keys,
            () -> {
              List<@Nullable String> values = new ArrayList<>();
              for (byte[] value : from.getAll(keys.stream().map(OracleStore::bytes).toList())) {
                values.add(read(value));
              }
              execution.steps.add(new Step.GetAll(keys, values));
            });
      }
      case 4 -> openCursor(execution, from);
      case 5, 6, 7, 8 -> {
        if (cursors.isEmpty()) {
          openCursor(execution, from);
        }
        for (int i = random.nextInt(6); i >= 0 && !cursors.isEmpty(); i--) {
          moveCursor(execution);
        }
      }
      default -> {
        if (from instanceof Snapshot && random.nextInt(3) == 0) {
          end(Outcome.ROLLED_BACK);
        }
      }
    }
  }

  private void openCursor(Execution execution, ReadView from) {
    String start = bound();
    String end = bound();
    boolean descending = random.nextBoolean();
    boolean keysOnly = random.nextInt(5) == 0;
    long maxEntries = random.nextInt(4) == 0 ? random.nextInt(4) : Long.MAX_VALUE;
    ScanOptions options =
        ScanOptions.ASCENDING
            .withDescending(descending)
            .withKeysOnly(keysOnly)
            .withMaxEntries(maxEntries);
    KeyRange range = KeyRange.between(bytes(start), bytes(end));
    try {
      Cursor opened = from.scan(range, options);
      execution.steps.add(
          new Step.Open(cursors.size(), start, end, descending, keysOnly, maxEntries));
      cursors.add(opened);
    } catch (PpdbException e) {
      tooOld(execution, e, List.of(new OracleStore.Range(start, end)));
      cursors.add(null);
    }
    cursorSavepoints.add(savepoints.size());
  }

  private static void unlessTooOld(Execution execution, List<String> keys, Runnable read) {
    try {
      read.run();
    } catch (PpdbException e) {
      tooOld(
          execution, e, keys.stream().map(key -> new OracleStore.Range(key, key + '\0')).toList());
    }
  }

  private static void tooOld(
      Execution execution, PpdbException failure, List<OracleStore.Range> ranges) {
    if (failure.code() != ErrorCode.SNAPSHOT_TOO_OLD || execution.asked == Asked.NOW) {
      throw failure;
    }
    execution.steps.add(new Step.TooOld(ranges));
  }

  private void moveCursor(Execution execution) {
    int index = random.nextInt(cursors.size());
    String target = key();
    Step.Move move =
        switch (random.nextInt(7)) {
          case 0 -> Step.Move.SEEK;
          case 1, 2 -> Step.Move.PREVIOUS;
          default -> Step.Move.NEXT;
        };
    Cursor cursor = cursors.get(index);
    if (cursor == null) {
      return; // having drawn what another store that has it draws
    }
    boolean found =
        switch (move) {
          case NEXT -> cursor.next();
          case PREVIOUS -> cursor.previous();
          case SEEK -> cursor.seek(bytes(target));
        };
    String result =
        found ? text(cursor.key().toByteArray()) + "=" + text(cursor.value().toByteArray()) : null;
    execution.steps.add(new Step.Moved(index, move, target, result));
  }

  private void write(Execution execution, Transaction transaction) {
    String key = key();
    switch (random.nextInt(WRITE_CHOICES)) {
      case 0, 1, 2, 3 -> put(execution, transaction, key);
      case 4, 5 -> {
        transaction.delete(bytes(key));
        execution.steps.add(new Step.Delete(key));
      }
      case 6, 7 -> merge(execution, transaction, "c/" + random.nextInt(3));
      case 8 -> {
        String value = value(key);
        synchronized (clock) {
          boolean result = transaction.putIfAbsent(bytes(key), bytes(value));
          execution.steps.add(new Step.PutIfAbsent(key, value, defaultExpiry(key), result));
        }
      }
      case 9 -> {
        if (random.nextInt(3) > 0) {
          String start = bound();
          String end = bound();
          transaction.deleteRange(KeyRange.between(bytes(start), bytes(end)));
          if (start.compareTo(end) < 0) {
            execution.steps.add(new Step.DeleteRange(start, end));
          }
        }
      }
      case 10 -> {
        transaction.guard(bytes(key));
        execution.steps.add(new Step.Guard(key));
      }
      case 11 -> {
        transaction.lockForUpdate(bytes(key));
        execution.steps.add(new Step.Lock(key));
      }
      case 12 -> {
        transaction.requireUnchanged(bytes(key));
        execution.steps.add(new Step.Require(key, transaction.version()));
      }
      case 13 -> {
        execution.steps.add(new Step.Save(savepoints.size()));
        savepoints.add(transaction.savepoint());
      }
      case 14 -> {
        if (random.nextInt(4) > 0) {
          rollbackToSavepoint(execution, transaction);
        } else if (!savepoints.isEmpty()) {
          int index = random.nextInt(savepoints.size());
          transaction.release(savepoints.get(index));
          savepoints.subList(index, savepoints.size()).clear();
          cursorSavepoints.replaceAll(made -> Math.min(made, index));
        }
      }
      case 15, 16 -> commit(execution, transaction);
      case 17, 18 -> renew(execution, transaction);
      default -> {
        if (random.nextInt(4) == 0) {
          transaction.rollback();
          end(Outcome.ROLLED_BACK);
        }
      }
    }
  }

  /** Takes a new snapshot, half the time after all cursors are closed, which keep the old one. */
  private void renew(Execution execution, Transaction transaction) {
    if (random.nextBoolean()) {
      for (int i = 0; i < cursors.size(); i++) {
        Cursor cursor = cursors.get(i);
        if (cursor != null) {
          cursor.close();
          cursors.set(i, null);
        }
      }
    }
    long returnedBefore = returned.get();
    execution.commitAskedNanos = System.nanoTime();
    execution.millisBeforeCommit = clock.millis();
    try {
      if (transaction.renew()) {
        execution.steps.add(
            new Step.Renew(transaction.version(), transaction.instantMillis(), returnedBefore));
      }
    } catch (PpdbException e) {
      if (e.code() != ErrorCode.CONFLICT) {
        throw e;
      }
      execution.millisAfterCommit = clock.millis();
      transaction.rollback();
      end(Outcome.CONFLICT);
    }
  }

  private void rollbackToSavepoint(Execution execution, Transaction transaction) {
    if (savepoints.isEmpty()) {
      return;
    }
    int index = random.nextInt(savepoints.size());
    transaction.rollbackTo(savepoints.get(index));
    execution.steps.add(new Step.RollbackTo(index));
    savepoints.subList(index + 1, savepoints.size()).clear();
    for (int i = 0; i < cursors.size(); i++) {
      if (cursorSavepoints.get(i) > index) {
        cursors.set(i, null);
      }
    }
  }

  private void put(Execution execution, Transaction transaction, String key) {
    String value = value(key);
    long expiry = expiry(key);
    if (expiry != Limits.NO_EXPIRY) {
      transaction.put(bytes(key), bytes(value), expiry);
      execution.steps.add(new Step.Put(key, value, expiry));
      return;
    }
    synchronized (clock) { // so that the store judges by the same time
      transaction.put(bytes(key), bytes(value));
      execution.steps.add(new Step.Put(key, value, defaultExpiry(key)));
    }
  }

  private void merge(Execution execution, Transaction transaction, String key) {
    String operand = text(MergeOperators.encodeLong(1 + random.nextInt(100)));
    transaction.merge(MergeOperators.LONG_ADD, bytes(key), bytes(operand));
    execution.steps.add(new Step.Merge(MergeOperators.LONG_ADD, key, operand));
  }

  /** Sorted writes; to clients and oracle just another blind batch. */
  private void bulkLoad() {
    Execution execution = new Execution(number, true);
    execution.returnedBeforeCommit = returned.get();
    execution.commitAskedNanos = System.nanoTime();
    current = execution;
    long version;
    try (BulkLoad load = store.bulkLoad()) {
      for (int i = random.nextInt(4); i < KEYS.length; i += 1 + random.nextInt(6)) {
        String key = KEYS[i];
        if (random.nextInt(4) == 0) {
          load.delete(bytes(key));
          execution.steps.add(new Step.Delete(key));
        } else {
          String value = value(key);
          long expiry = Math.min(expiry(key), defaultExpiry(key));
          load.put(bytes(key), bytes(value), expiry);
          execution.steps.add(new Step.Put(key, value, expiry));
        }
      }
      version = load.commit(Durability.ASYNC);
    }
    execution.commitVersion = version;
    returned.accumulateAndGet(version, Math::max);
    end(Outcome.COMMITTED);
  }

  private void writeBatch() {
    Execution execution = new Execution(number, true);
    execution.openedVersion = openedVersion;
    WriteBatch batch = new WriteBatch();
    long known = returned.get();
    if (random.nextInt(3) == 0) {
      String key = key();
      long since = Math.max(0, known - random.nextInt(10));
      batch.requireUnchanged(bytes(key), since);
      execution.steps.add(new Step.Require(key, since));
    }
    for (int i = random.nextInt(3); i >= 0; i--) {
      String key = key();
      switch (random.nextInt(3)) {
        case 0 -> {
          batch.delete(bytes(key));
          execution.steps.add(new Step.Delete(key));
        }
        case 1 -> {
          String counter = "c/" + random.nextInt(3);
          String operand = text(MergeOperators.encodeLong(1 + random.nextInt(100)));
          batch.merge(MergeOperators.LONG_ADD, bytes(counter), bytes(operand));
          execution.steps.add(new Step.Merge(MergeOperators.LONG_ADD, counter, operand));
        }
        default -> {
          String value = value(key);
          long expiry =
              Math.min(expiry(key), defaultExpiry(key)); // when it is written nobody knows
          batch.put(bytes(key), bytes(value), expiry);
          execution.steps.add(new Step.Put(key, value, expiry));
        }
      }
    }
    execution.returnedBeforeCommit = returned.get();
    execution.commitAskedNanos = System.nanoTime();
    current = execution;
    try {
      execution.commitVersion = store.write(batch, Durability.ASYNC);
      returned.accumulateAndGet(execution.commitVersion, Math::max);
      end(Outcome.COMMITTED);
    } catch (PpdbException e) {
      if (e.code() != ErrorCode.CONFLICT) {
        throw e;
      }
      execution.millisAfterCommit = clock.millis();
      end(Outcome.CONFLICT);
    }
  }

  private String key() {
    return KEYS[random.nextInt(KEYS.length)];
  }

  private String bound() {
    return BOUNDS[random.nextInt(BOUNDS.length)];
  }

  /** A value that no other write has; counters get a number. */
  private String value(String key) {
    return key.startsWith("c/")
        ? text(MergeOperators.encodeLong(random.nextInt(1000)))
        : "v" + number + "." + valueCount++;
  }

  private long expiry(String key) {
    return key.startsWith("e/") && random.nextBoolean()
        ? clock.millis() + random.nextInt(8)
        : Limits.NO_EXPIRY;
  }

  /** When a put expires that does not say so, if it is made now. */
  private long defaultExpiry(String key) {
    return key.startsWith("e/")
        ? clock.millis() + Histories.DEFAULT_EXPIRY.toMillis()
        : Limits.NO_EXPIRY;
  }

  private static @Nullable String read(byte @Nullable [] value) {
    return value == null ? null : text(value);
  }
}
