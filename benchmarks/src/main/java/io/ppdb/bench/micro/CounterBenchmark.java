package io.ppdb.bench.micro;

import io.ppdb.kv.sync.PaddedCounter;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What an addition to a shared number costs; with {@code -t 2} and more, what sharing costs. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(2)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class CounterBenchmark {
  private static final VarHandle LONGS = MethodHandles.arrayElementVarHandle(long[].class);
  private static final int CELL_COUNT = 8;
  private static final int CELL_LONGS = 16;

  private final AtomicLong atomic = new AtomicLong();
  private final PaddedCounter padded = new PaddedCounter();
  private final long[] cells = new long[(CELL_COUNT + 1) * CELL_LONGS];

  @Benchmark
  public void atomicLong() {
    atomic.getAndIncrement();
  }

  @Benchmark
  public void paddedCounter() {
    padded.increment();
  }

  /** The alternative: a fixed array of padded cells, chosen by the thread's number. */
  @Benchmark
  public long cellOfThread() {
    long id = Thread.currentThread().getId();
    int cell = 1 + (int) (id & (CELL_COUNT - 1));
    return (long) LONGS.getAndAdd(cells, cell * CELL_LONGS, 1L);
  }

  @Benchmark
  public long sumOfPaddedCounter() {
    return padded.sum();
  }
}
