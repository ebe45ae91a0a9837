package io.ppdb.bench.micro;

import io.ppdb.kv.Durability;
import io.ppdb.kv.Snapshot;
import io.ppdb.kv.StoreOptions;
import io.ppdb.kv.ValueLease;
import io.ppdb.kv.WriteBatch;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
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
 * Large values of a durable store, read at random, against copying as many bytes within memory: 256
 * MB in files that the system has cached, and as much in arrays.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(value = 1, jvmArgsAppend = "-Xmx1g")
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 6, time = 1)
public class BlobBenchmark {
  private static final int TOTAL_BYTES = 256 << 20;

  /** A store in a folder of its own, and a snapshot of it. */
  @State(Scope.Benchmark)
  public static class Stored {
    @Param({"524288"})
    private int valueBytes;

    private @Nullable ScratchStore scratch;
    private @Nullable Snapshot snapshot;

    @Setup
    public void fill() throws IOException {
      ScratchStore opened = new ScratchStore(StoreOptions.DEFAULT);
      scratch = opened;
      byte[] value = new byte[valueBytes];
      new Random(1).nextBytes(value);
      for (int number = 0; number < valueCount(); number++) {
        opened.store().write(new WriteBatch().put(key(number), value), Durability.ASYNC);
      }
      opened.reopen();
      snapshot = opened.store().snapshot();
    }

    @TearDown
    public void remove() throws IOException {
      snapshot().close();
      if (scratch != null) {
        scratch.close();
      }
    }

    private int valueCount() {
      return TOTAL_BYTES / valueBytes;
    }

    private byte[] randomKey() {
      return key(ThreadLocalRandom.current().nextInt(valueCount()));
    }

    private Snapshot snapshot() {
      if (snapshot == null) {
        throw new IllegalStateException("not set up");
      }
      return snapshot;
    }
  }

  /** As many arrays. */
  @State(Scope.Benchmark)
  public static class Arrays {
    @Param({"524288"})
    private int valueBytes;

    private List<byte[]> values = List.of();

    @Setup
    public void fill() {
      Random random = new Random(1);
      values =
          Stream.generate(() -> new byte[valueBytes])
              .limit(TOTAL_BYTES / valueBytes)
              .peek(random::nextBytes)
              .toList();
    }
  }

  /** Where a thread copies to. */
  @State(Scope.Thread)
  public static class Target {
    private final byte[] bytes = new byte[8 << 20];
  }

  private static byte[] key(int number) {
    return ByteBuffer.allocate(Integer.BYTES).putInt(number).array();
  }

  /** Copying within memory, to the same place each time. */
  @Benchmark
  public byte[] memoryCopy(Arrays arrays, Target target) {
    byte[] value = arrays.values.get(ThreadLocalRandom.current().nextInt(arrays.values.size()));
    System.arraycopy(value, 0, target.bytes, 0, value.length);
    return target.bytes;
  }

  /** Copying within memory, to a new array each time. */
  @Benchmark
  public byte[] memoryClone(Arrays arrays) {
    return arrays.values.get(ThreadLocalRandom.current().nextInt(arrays.values.size())).clone();
  }

  /** Against {@link #memoryClone}. */
  @Benchmark
  public byte @Nullable [] get(Stored stored) {
    return stored.snapshot().get(stored.randomKey());
  }

  /** Against {@link #memoryCopy}. */
  @Benchmark
  public byte[] leaseAndCopy(Stored stored, Target target) {
    try (ValueLease lease = stored.snapshot().lease(stored.randomKey())) {
      if (lease == null) {
        throw new IllegalStateException("a value is missing");
      }
      lease.buffer().get(0, target.bytes, 0, lease.length());
      return target.bytes;
    }
  }

  /** What a lease costs by itself. */
  @Benchmark
  public int leaseOnly(Stored stored) {
    try (ValueLease lease = stored.snapshot().lease(stored.randomKey())) {
      return lease == null ? 0 : lease.buffer().get(0);
    }
  }
}
