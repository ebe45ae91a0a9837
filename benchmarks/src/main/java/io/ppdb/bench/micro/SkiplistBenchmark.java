package io.ppdb.bench.micro;

import io.ppdb.bench.KvData;
import io.ppdb.kv.skiplist.ByteArena;
import io.ppdb.kv.skiplist.LongArena;
import io.ppdb.kv.skiplist.Skiplist;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
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
 * The skiplist alone: 16-byte keys in random order. With {@code -t 2} and more, readers share a
 * list and writers insert into one.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class SkiplistBenchmark {
  /** A list and the arena of its keys. */
  private static final class Keys {
    final ByteArena bytes = new ByteArena();
    final Skiplist list = new Skiplist(new LongArena(), bytes, new byte[0]);

    int insert(byte[] key) {
      Skiplist.Place place = new Skiplist.Place();
      int found = list.find(key, place);
      if (found != Skiplist.NONE) {
        return found;
      }
      int reference = bytes.allocate(Skiplist.keySize(key));
      Skiplist.writeKey(key, bytes.array(reference), ByteArena.offset(reference));
      return list.insert(key, place, reference, 1);
    }
  }

  /** A list that only readers use. */
  @State(Scope.Benchmark)
  public static class Filled {
    @Param({"200000", "1000000"})
    private int keyCount;

    private Keys keys = new Keys();

    @Setup
    public void fill() {
      keys = new Keys();
      for (int number = 0; number < keyCount; number++) {
        keys.insert(KvData.key(number));
      }
    }

    private byte[] presentKey() {
      return KvData.key(ThreadLocalRandom.current().nextInt(keyCount));
    }

    private byte[] absentKey() {
      return KvData.key((1L << 40) + ThreadLocalRandom.current().nextInt(keyCount));
    }
  }

  /** A list that begins empty in each iteration and grows. */
  @State(Scope.Benchmark)
  public static class Growing {
    private final AtomicInteger next = new AtomicInteger();
    private Keys keys = new Keys();

    @Setup(Level.Iteration)
    public void startEmpty() {
      keys = new Keys();
      next.set(0);
    }
  }

  /** Where a thread that walks a list is. */
  @State(Scope.Thread)
  public static class Walk {
    private int node = Skiplist.NONE;
  }

  @Benchmark
  public int put(Growing growing) {
    return growing.keys.insert(KvData.key(growing.next.getAndIncrement()));
  }

  @Benchmark
  public int getHit(Filled filled) {
    return filled.keys.list.find(filled.presentKey());
  }

  @Benchmark
  public int getMiss(Filled filled) {
    return filled.keys.list.find(filled.absentKey());
  }

  @Benchmark
  public int seek(Filled filled) {
    return filled.keys.list.ceiling(filled.absentKey());
  }

  /** One step of a walk over the whole list, again and again. */
  @Benchmark
  public int next(Filled filled, Walk walk) {
    walk.node = filled.keys.list.next(walk.node);
    return walk.node;
  }
}
