package io.ppdb.bench.micro;

import io.ppdb.kv.Durability;
import io.ppdb.kv.KeyRange;
import io.ppdb.kv.RangePolicy;
import io.ppdb.kv.StoreOptions;
import io.ppdb.kv.WriteBatch;
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
 * Appending a mini-batch of 20 columns of 64 numbers (10 KB), as one unsynced commit to a durable
 * store without history: an entry for each row, for each column, or one for all. Flushes and
 * compactions are part of it.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(
    value = 1,
    jvmArgsAppend = {"-Xms1g", "-Xmx2g"})
@Warmup(iterations = 4, time = 2)
@Measurement(iterations = 8, time = 2)
@State(Scope.Benchmark)
public class MiniBatchBenchmark {
  private static final int COLUMN_COUNT = 20;
  private static final int ROW_COUNT = 64;
  private static final int BATCH_BYTES = COLUMN_COUNT * ROW_COUNT * Long.BYTES;

  /** What has an entry of its own. */
  public enum Layout {
    ROW(ROW_COUNT),
    COLUMN(COLUMN_COUNT),
    BATCH(1);

    private final int entryCount;

    Layout(int entryCount) {
      this.entryCount = entryCount;
    }
  }

  @Param private Layout layout = Layout.COLUMN;

  private final Random random = new Random(1);
  private @Nullable ScratchStore scratch;
  private long batchNumber;

  @Setup
  public void open() throws IOException {
    ScratchStore opened = new ScratchStore(StoreOptions.DEFAULT.withMemtableBytes(64 << 20));
    scratch = opened;
    opened.store().setPolicy(KeyRange.all(), RangePolicy.DEFAULT.withHistory(Duration.ZERO));
  }

  @TearDown
  public void close() throws IOException {
    if (scratch != null) {
      scratch.close();
    }
  }

  @Benchmark
  public long append() {
    if (scratch == null) {
      throw new IllegalStateException("not set up");
    }
    WriteBatch batch = new WriteBatch();
    long number = batchNumber++;
    int valueBytes = BATCH_BYTES / layout.entryCount;
    for (int entry = 0; entry < layout.entryCount; entry++) {
      byte[] key = ByteBuffer.allocate(16).putInt(7).putInt(entry).putLong(number).array();
      ByteBuffer value = ByteBuffer.allocate(valueBytes);
      while (value.hasRemaining()) {
        value.putLong(number * 1_000 + random.nextInt(1_000));
      }
      batch.put(key, value.array());
    }
    return scratch.store().write(batch, Durability.ASYNC);
  }
}
