package io.ppdb.lsm;

import static io.ppdb.lsm.BoundedMemoryLoad.key;
import static io.ppdb.lsm.BoundedMemoryLoad.sumOf;

import io.ppdb.kv.ChangeCursor;
import io.ppdb.kv.Cursor;
import io.ppdb.kv.KeyRange;
import io.ppdb.kv.RangePolicy;
import io.ppdb.kv.ReadView;
import io.ppdb.kv.Savepoint;
import io.ppdb.kv.ScanOptions;
import io.ppdb.kv.Snapshot;
import io.ppdb.kv.StoreOptions;
import io.ppdb.kv.Transaction;
import io.ppdb.kv.WriteBatch;
import java.nio.file.Path;
import java.time.Duration;

/**
 * The process of {@link BoundedMemoryTest} that writes all data in one transaction, in no order of
 * their keys: reads its own writes, takes some back, commits, and finds all again, in the store, in
 * the change log and after it was opened again. Says what it has seen, in lines of a name and a
 * number. Ends with an error if a byte is not what it was.
 */
final class BoundedTransaction {
  private static final int KEY_BYTES = 16;
  private static final int VALUE_BYTES = 8_000;

  private final LsmOptions options;
  private final Path directory;
  private final long entryCount;

  private BoundedTransaction(Path directory, int heapMegabytes, long dataBytes) {
    this.directory = directory;
    this.entryCount = dataBytes / (KEY_BYTES + VALUE_BYTES) + 1;
    long sixteenth = (long) heapMegabytes << 20 >> 4;
    this.options =
        LsmOptions.of(
                StoreOptions.DEFAULT.withMemtableBytes(sixteenth).withBlockCacheBytes(sixteenth))
            .withMaxTransactionBytesInMemory(sixteenth);
  }

  public static void main(String[] arguments) {
    new BoundedTransaction(
            Path.of(arguments[0]), Integer.parseInt(arguments[1]), Long.parseLong(arguments[2]))
        .run();
  }

  private void run() {
    say("maxHeapBytes", Runtime.getRuntime().maxMemory());
    say("rawBytes", entryCount * (KEY_BYTES + VALUE_BYTES));
    long sum = 0;
    for (long i = 0; i < entryCount; i++) {
      sum += sumOf(key(i), value(i));
    }
    try (LsmStore store = LsmStore.open(directory, options)) {
      store.setPolicy(KeyRange.all(), RangePolicy.DEFAULT.withHistory(Duration.ZERO));
      try (Transaction transaction = store.begin()) {
        write(transaction);
        check(sum, transaction, ScanOptions.ASCENDING);
        check(sum, transaction, ScanOptions.DESCENDING);
        transaction.commit();
      }
      checkChanges(sum, store);
      try (Snapshot snapshot = store.snapshot()) {
        check(sum, snapshot, ScanOptions.ASCENDING);
      }
    }
    try (LsmStore store = LsmStore.open(directory, options);
        Snapshot snapshot = store.snapshot()) {
      check(sum, snapshot, ScanOptions.DESCENDING);
    }
  }

  /** Every eighth value is first another one, which is replaced or taken back. */
  private void write(Transaction transaction) {
    for (long i = 0; i < entryCount; i++) {
      if (i % 16 == 0) {
        Savepoint savepoint = transaction.savepoint();
        transaction.put(key(i), value(~i));
        transaction.put(key(~i), value(~i));
        transaction.rollbackTo(savepoint);
        transaction.release(savepoint);
      } else if (i % 16 == 8) {
        transaction.put(key(i), value(~i));
      }
      transaction.put(key(i), value(i));
      if (i % 1_000 == 0) {
        byte[] own = transaction.get(key(i / 2));
        if (own == null || sumOf(key(i / 2), own) != sumOf(key(i / 2), value(i / 2))) {
          throw new IllegalStateException("own entry " + i / 2 + " is wrong");
        }
      }
    }
  }

  private void check(long sum, ReadView view, ScanOptions scan) {
    long count = 0;
    long seen = 0;
    try (Cursor cursor = view.scan(KeyRange.all(), scan)) {
      while (cursor.next()) {
        seen += sumOf(cursor.key().toByteArray(), cursor.value().toByteArray());
        count++;
      }
    }
    checkSame(sum, count, seen);
  }

  private void checkChanges(long sum, LsmStore store) {
    long count = 0;
    long seen = 0;
    long commitCount = 0;
    try (ChangeCursor cursor = store.changes(0)) {
      for (ChangeCursor.Commit commit = cursor.poll(); commit != null; commit = cursor.poll()) {
        for (WriteBatch.Write write : commit.writes()) {
          seen += sumOf(write.key(), write.value());
          count++;
        }
        commitCount++;
      }
    }
    if (commitCount != 1) {
      throw new IllegalStateException(commitCount + " commits");
    }
    checkSame(sum, count, seen);
  }

  private void checkSame(long sum, long count, long seen) {
    if (count != entryCount || seen != sum) {
      throw new IllegalStateException(
          count + " entries, expected " + entryCount + "; sum " + seen + ", expected " + sum);
    }
  }

  private static byte[] value(long number) {
    return BoundedMemoryLoad.value(number, VALUE_BYTES);
  }

  private static void say(String name, long number) {
    System.out.println(name + " " + number);
  }
}
