package io.ppdb.bench.micro;

import io.ppdb.bench.KvData;
import io.ppdb.kv.Limits;
import io.ppdb.kv.engine.Entry;
import io.ppdb.kv.engine.EntryCursor;
import io.ppdb.kv.engine.Memtable;
import io.ppdb.kv.engine.OperatorRegistry;
import io.ppdb.kv.engine.PointLookup;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * The memtable alone: 16-byte keys in random order, 100-byte values. With {@code -t 2} and more,
 * readers share a memtable and writers insert into one.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class MemtableBenchmark {
  private static final int VALUE_BYTES = 100;
  private static final OperatorRegistry NO_OPERATORS = new OperatorRegistry(List.of());

  /** A memtable with one or several versions of each key, that only readers use. */
  @State(Scope.Benchmark)
  public static class Filled {
    @Param({"200000"})
    private int keyCount;

    @Param({"1", "4"})
    private int versionCount;

    private Memtable memtable = new Memtable();

    @Setup
    public void fill() {
      memtable = new Memtable();
      KvData data = new KvData(VALUE_BYTES);
      long version = 0;
      for (int generation = 0; generation < versionCount; generation++) {
        for (int number = 0; number < keyCount; number++) {
          insert(memtable, KvData.key(number), data.value(number, generation), ++version);
        }
      }
    }

    private byte[] presentKey() {
      return KvData.key(ThreadLocalRandom.current().nextInt(keyCount));
    }

    private byte[] absentKey() {
      return KvData.key((1L << 40) + ThreadLocalRandom.current().nextInt(keyCount));
    }
  }

  /** A memtable that begins empty in each iteration and grows. */
  @State(Scope.Benchmark)
  public static class Growing {
    private final KvData data = new KvData(VALUE_BYTES);
    private final AtomicInteger next = new AtomicInteger();
    private Memtable memtable = new Memtable();

    @Setup(Level.Iteration)
    public void startEmpty() {
      memtable = new Memtable();
      next.set(0);
    }
  }

  /** A thread's cursor. */
  @State(Scope.Thread)
  public static class Walk {
    private @Nullable EntryCursor cursor;

    @Setup
    public void open(Filled filled) {
      cursor = filled.memtable.cursor();
    }
  }

  private static void insert(Memtable memtable, byte[] key, byte[] value, long version) {
    memtable.insert(Entry.put(key, value, Limits.NO_EXPIRY).withVersion(version));
  }

  @Benchmark
  public void put(Growing growing) {
    int number = growing.next.getAndIncrement();
    insert(growing.memtable, KvData.key(number), growing.data.value(number, 0), number + 1L);
  }

  @Benchmark
  public byte @Nullable [] getHit(Filled filled) {
    return get(filled, filled.presentKey());
  }

  @Benchmark
  public byte @Nullable [] getMiss(Filled filled) {
    return get(filled, filled.absentKey());
  }

  private static byte @Nullable [] get(Filled filled, byte[] key) {
    PointLookup lookup = new PointLookup(NO_OPERATORS, 0);
    filled.memtable.find(key, Long.MAX_VALUE, lookup);
    return lookup.value();
  }

  /** Opens a cursor, and reads the first entry at or after a random place. */
  @Benchmark
  public int seek(Filled filled) {
    try (EntryCursor cursor = filled.memtable.cursor()) {
      return cursor.seek(filled.absentKey(), Long.MAX_VALUE) ? cursor.value().length() : 0;
    }
  }

  /** One step of a walk over all entries, again and again, and a look at the value. */
  @Benchmark
  public int next(Walk walk) {
    EntryCursor cursor = walk.cursor;
    if (cursor == null) {
      throw new IllegalStateException("the walk has not begun");
    }
    if (!cursor.isValid() || !cursor.next()) {
      cursor.seekToFirst();
    }
    return cursor.value().length();
  }
}
