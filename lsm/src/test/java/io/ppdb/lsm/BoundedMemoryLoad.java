package io.ppdb.lsm;

import io.ppdb.kv.Cursor;
import io.ppdb.kv.Durability;
import io.ppdb.kv.KeyRange;
import io.ppdb.kv.RangePolicy;
import io.ppdb.kv.RangePolicy.Placement;
import io.ppdb.kv.ScanOptions;
import io.ppdb.kv.Snapshot;
import io.ppdb.kv.StoreOptions;
import io.ppdb.kv.WriteBatch;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.zip.CRC32C;

/**
 * The process of {@link BoundedMemoryTest}: loads data in no order of their keys, scans them in
 * both directions, opens the store again, and says what it has seen, in lines of a name and a
 * number. Ends with an error if a byte is not what it was.
 */
final class BoundedMemoryLoad {
  private static final int KEY_BYTES = 16;
  private static final int VALUE_BYTES = 400;
  private static final int BATCH_SIZE = 100;

  private final LsmOptions options;
  private final Path directory;
  private final long entryCount;

  private BoundedMemoryLoad(Path directory, int heapMegabytes, long dataBytes) {
    this.directory = directory;
    this.entryCount = dataBytes / (KEY_BYTES + VALUE_BYTES) + 1;
    this.options =
        LsmOptions.of(
            StoreOptions.DEFAULT
                .withMemtableBytes((long) heapMegabytes << 20 >> 4)
                .withBlockCacheBytes(cacheBytes(heapMegabytes)));
  }

  static long cacheBytes(int heapMegabytes) {
    return (long) heapMegabytes << 20 >> 2;
  }

  public static void main(String[] arguments) {
    new BoundedMemoryLoad(
            Path.of(arguments[0]), Integer.parseInt(arguments[1]), Long.parseLong(arguments[2]))
        .run();
  }

  private void run() {
    say("maxHeapBytes", Runtime.getRuntime().maxMemory());
    long start = System.nanoTime();
    long sum;
    try (LsmStore store = LsmStore.open(directory, options)) {
      store.setPolicy(
          KeyRange.all(),
          RangePolicy.DEFAULT.withHistory(Duration.ZERO).withPlacement(Placement.DISK));
      sum = load(store);
      say("rawBytes", entryCount * (KEY_BYTES + VALUE_BYTES));
      start = sayMillis("loadMillis", start);
      check(sum, store, false);
      start = sayMillis("scanMillis", start);
      check(sum, store, true);
      sayMillis("reverseScanMillis", start);
      store.get(key(0)); // a compaction may just have replaced all tables that were open
      sayMemory(store);
    }
    start = System.nanoTime();
    try (LsmStore store = LsmStore.open(directory, options)) {
      check(sum, store, false);
      sayMillis("reopenedScanMillis", start);
      try (Snapshot snapshot = store.snapshot()) {
        for (long i = 0; i < 1_000; i++) {
          long number = i * (entryCount / 1_000);
          byte[] value = snapshot.get(key(number));
          if (value == null || sumOf(key(number), value) != sumOf(key(number), value(number))) {
            throw new IllegalStateException("entry " + number + " is wrong");
          }
        }
      }
      System.gc();
      Runtime runtime = Runtime.getRuntime();
      say("usedHeapBytes", runtime.totalMemory() - runtime.freeMemory());
    }
  }

  private long load(LsmStore store) {
    long sum = 0;
    for (long first = 0; first < entryCount; first += BATCH_SIZE) {
      WriteBatch batch = new WriteBatch();
      for (long i = first; i < Math.min(entryCount, first + BATCH_SIZE); i++) {
        byte[] key = key(i);
        byte[] value = value(i);
        batch.put(key, value);
        sum += sumOf(key, value);
      }
      store.write(batch, Durability.ASYNC);
    }
    return sum;
  }

  private void check(long sum, LsmStore store, boolean descending) {
    long count = 0;
    long seen = 0;
    ScanOptions scan = descending ? ScanOptions.DESCENDING : ScanOptions.ASCENDING;
    try (Snapshot snapshot = store.snapshot();
        Cursor cursor = snapshot.scan(KeyRange.all(), scan)) {
      while (cursor.next()) {
        seen += sumOf(cursor.key().toByteArray(), cursor.value().toByteArray());
        count++;
      }
    }
    if (count != entryCount || seen != sum) {
      throw new IllegalStateException(
          count + " entries, expected " + entryCount + "; sum " + seen + ", expected " + sum);
    }
  }

  /** Keys of no order, all different: an odd factor permutes the numbers of 64 bits. */
  static byte[] key(long number) {
    return ByteBuffer.allocate(KEY_BYTES)
        .putLong(number * 0x9E3779B97F4A7C15L)
        .putLong(number)
        .array();
  }

  private static byte[] value(long number) {
    return value(number, VALUE_BYTES);
  }

  /** A fifth of it cannot be compressed. */
  static byte[] value(long number, int length) {
    ByteBuffer value = ByteBuffer.allocate(length);
    long state = number;
    for (int i = 0; i < length / Long.BYTES; i++) {
      state = state * 6364136223846793005L + 1442695040888963407L;
      value.putLong(i % 5 == 0 ? state : i);
    }
    return value.array();
  }

  static long sumOf(byte[] key, byte[] value) {
    CRC32C crc = new CRC32C();
    crc.update(key);
    crc.update(value);
    return crc.getValue();
  }

  private static void sayMemory(LsmStore store) {
    for (BufferPoolMXBean pool : ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class)) {
      if (pool.getName().equals("direct") || pool.getName().equals("mapped")) {
        say(pool.getName() + "Bytes", pool.getMemoryUsed());
      }
    }
    CachedBytes cached = store.cachedBytes();
    say("blockBytes", cached.blockBytes());
    say("directoryBytes", cached.directoryBytes());
  }

  private static long sayMillis(String name, long startNanos) {
    long now = System.nanoTime();
    say(name, TimeUnit.NANOSECONDS.toMillis(now - startNanos));
    return now;
  }

  private static void say(String name, long number) {
    System.out.println(name + " " + number);
  }
}
