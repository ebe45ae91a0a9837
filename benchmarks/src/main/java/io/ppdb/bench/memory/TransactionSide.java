package io.ppdb.bench.memory;

import io.ppdb.bench.KvData;
import io.ppdb.bench.Measurement;
import io.ppdb.bench.Side;
import io.ppdb.kv.Cursor;
import io.ppdb.kv.Durability;
import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.KeyRange;
import io.ppdb.kv.KeyValueStore;
import io.ppdb.kv.PpdbException;
import io.ppdb.kv.ScanOptions;
import io.ppdb.kv.Snapshot;
import io.ppdb.kv.Transaction;
import io.ppdb.kv.WriteBatch;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * The child's part of the transactions: a memory engine whose values begin with a counter, and
 * threads that add one to counters of random keys.
 *
 * <p>Requests: {@code open SIZES} · {@code run THREADS ROUND}, answered by a measurement whose time
 * is that of all threads together, so that its throughput is per core, and whose checksum tells how
 * many additions were lost.
 */
public final class TransactionSide implements Side {
  /** The checksum when no addition is lost. */
  static final String NOTHING_LOST = "lost=0";

  private static final int TRANSACTIONS_PER_PASS = 500;

  private @Nullable KeyValueStore filled;
  private MemorySizes sizes = MemorySizes.named("quick");

  /** Additions that were committed. */
  private long additionCount;

  private TransactionSide() {}

  public static TransactionSide create(String engine) {
    if (!engine.equals("ppdb")) {
      throw new IllegalArgumentException("no transactions of '" + engine + "'");
    }
    return new TransactionSide();
  }

  @Override
  public List<String> answer(List<String> words) throws Exception {
    switch (words.get(0)) {
      case "open" -> {
        sizes = MemorySizes.named(words.get(1));
        filled = fill();
        return List.of();
      }
      case "run" -> {
        KeyValueStore store = filled;
        if (store == null) {
          throw new IllegalStateException("no store is open");
        }
        int threadCount = Integer.parseInt(words.get(1));
        return List.of(run(store, threadCount, Integer.parseInt(words.get(2))).toLine());
      }
      default -> throw new IllegalArgumentException("unknown request " + words);
    }
  }

  private KeyValueStore fill() {
    KeyValueStore store = MemoryEnginePoints.openWithoutHistory();
    KvData data = new KvData(sizes.valueBytes());
    for (int number = 0; number < sizes.entryCount(); number++) {
      byte[] value = data.value(number, 0);
      ByteBuffer.wrap(value).putLong(0, 0);
      store.write(new WriteBatch().put(KvData.key(number), value), Durability.ASYNC);
    }
    return store;
  }

  private Measurement run(KeyValueStore store, int threadCount, int round) throws Exception {
    try (Workers workers = new Workers(threadCount)) {
      long seed = 100L * threadCount + round;
      Measurement measured =
          workers.measure(
              sizes.transactionMillisOf(round),
              TRANSACTIONS_PER_PASS,
              (thread, pass) -> {
                addToRandomKeys(store, Workers.random(seed, thread, pass));
                return 0;
              });
      additionCount += measured.operationCount();
      return new Measurement(
          measured.operationCount(),
          measured.wallNanos() * threadCount,
          measured.cpuNanos(),
          "lost=" + (additionCount - sum(store)));
    }
  }

  private void addToRandomKeys(KeyValueStore store, SplittableRandom random) {
    for (int i = 0; i < TRANSACTIONS_PER_PASS; i++) {
      byte[] key = KvData.key(random.nextInt(sizes.entryCount()));
      while (!addTo(store, key)) {
        // Another thread was first with the same key, which is rare.
      }
    }
  }

  /** Whether the addition was committed; false if it conflicted. */
  private static boolean addTo(KeyValueStore store, byte[] key) {
    try (Transaction transaction = store.begin()) {
      byte[] value = transaction.get(key);
      if (value == null) {
        throw new IllegalStateException("a key that was put is missing");
      }
      ByteBuffer counter = ByteBuffer.wrap(value);
      counter.putLong(0, counter.getLong(0) + 1);
      transaction.put(key, value);
      transaction.commit();
      return true;
    } catch (PpdbException e) {
      if (e.code() != ErrorCode.CONFLICT) {
        throw e;
      }
      return false;
    }
  }

  private static long sum(KeyValueStore store) {
    long sum = 0;
    try (Snapshot snapshot = store.snapshot();
        Cursor cursor = snapshot.scan(KeyRange.all(), ScanOptions.ASCENDING)) {
      while (cursor.next()) {
        sum += ByteBuffer.wrap(cursor.value().array()).getLong(cursor.value().offset());
      }
    }
    return sum;
  }
}
