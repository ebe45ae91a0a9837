package io.ppdb.bench.micro;

import io.ppdb.kv.Durability;
import io.ppdb.kv.KeyRange;
import io.ppdb.kv.MergeOperators;
import io.ppdb.kv.RangePolicy;
import io.ppdb.kv.StoreOptions;
import io.ppdb.kv.WriteBatch;
import io.ppdb.kv.codec.BitmapContainer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Sets of positions that grow by merges: 1,000 containers of a durable store, in which unsynced
 * commits set a random bit each, without reading.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(
    value = 1,
    jvmArgsAppend = {"-Xms1g", "-Xmx2g"})
@Warmup(iterations = 4, time = 2)
@Measurement(iterations = 8, time = 2)
public class BitmapMergeBenchmark {
  private static final int CONTAINER_COUNT = 1_000;

  /** A store with the containers, of so many positions each. */
  @State(Scope.Benchmark)
  public static class Stored {
    @Param({"100", "10000"})
    private int cardinality;

    private final Random random = new Random(1);
    private @Nullable ScratchStore scratch;

    @Setup
    public void open() throws IOException {
      ScratchStore opened = new ScratchStore(StoreOptions.DEFAULT.withMemtableBytes(64 << 20));
      scratch = opened;
      opened
          .store()
          .setPolicy(
              KeyRange.all(),
              RangePolicy.DEFAULT.withHistory(Duration.ZERO).withUse(RangePolicy.Use.MERGEABLE));
      for (int number = 0; number < CONTAINER_COUNT; number++) {
        merge(key(number), randomSet(random, cardinality));
      }
      opened.reopen();
    }

    @TearDown
    public void close() throws IOException {
      if (scratch != null) {
        scratch.close();
      }
    }

    private ScratchStore scratch() {
      if (scratch == null) {
        throw new IllegalStateException("not set up");
      }
      return scratch;
    }

    private long merge(byte[] key, byte[] operand) {
      return scratch()
          .store()
          .write(new WriteBatch().merge(MergeOperators.BITMAP_OR, key, operand), Durability.ASYNC);
    }
  }

  /** Two sets. */
  @State(Scope.Benchmark)
  public static class Sets {
    @Param({"100", "10000"})
    private int cardinality;

    private byte[] left = {};
    private byte[] right = {};

    @Setup
    public void fill() {
      Random random = new Random(2);
      left = randomSet(random, cardinality);
      right = randomSet(random, cardinality);
    }
  }

  private static byte[] randomSet(Random random, int cardinality) {
    return BitmapContainer.of(
        random.ints(cardinality, 0, BitmapContainer.POSITION_COUNT).toArray());
  }

  private static byte[] key(int number) {
    return ByteBuffer.allocate(Integer.BYTES).putInt(number).array();
  }

  /** A commit that sets one bit. */
  @Benchmark
  public long merge(Stored stored) {
    int position = stored.random.nextInt(BitmapContainer.POSITION_COUNT);
    return stored.merge(key(stored.random.nextInt(CONTAINER_COUNT)), BitmapContainer.of(position));
  }

  /** Reading a set, nothing merged since it was stored. */
  @Benchmark
  public byte @Nullable [] get(Stored stored) {
    return stored.scratch().store().get(key(stored.random.nextInt(CONTAINER_COUNT)));
  }

  /** A commit that sets one bit, and reading the set: every operand so far has to be folded. */
  @Benchmark
  public byte @Nullable [] mergeAndGet(Stored stored) {
    byte[] key = key(stored.random.nextInt(CONTAINER_COUNT));
    stored.merge(key, BitmapContainer.of(stored.random.nextInt(BitmapContainer.POSITION_COUNT)));
    return stored.scratch().store().get(key);
  }

  /** Uniting two sets in memory. */
  @Benchmark
  public byte[] or(Sets sets) {
    return BitmapContainer.or(sets.left, sets.right);
  }
}
