package io.ppdb.bench.micro;

import io.ppdb.kv.sync.StripedLock;
import java.util.Arrays;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Locking the stripe of a random key, and adding to a number that it guards. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(2)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class LockBenchmark {
  private static final int STRIPE_COUNT = 64;

  private final StripedLock striped = new StripedLock(STRIPE_COUNT);
  private final ReentrantLock[] reentrant = new ReentrantLock[STRIPE_COUNT];
  private final Object[] monitors = new Object[STRIPE_COUNT];
  private final long[] counts = new long[STRIPE_COUNT * 16];

  public LockBenchmark() {
    Arrays.setAll(reentrant, index -> new ReentrantLock());
    Arrays.setAll(monitors, index -> new Object());
  }

  private int stripe() {
    return striped.stripeOf(ThreadLocalRandom.current().nextInt());
  }

  @Benchmark
  public void stripedLock() {
    int stripe = stripe();
    striped.lock(stripe);
    try {
      counts[stripe * 16]++;
    } finally {
      striped.unlock(stripe);
    }
  }

  /** The alternative: locks whose states are small objects side by side. */
  @Benchmark
  public void reentrantLocks() {
    int stripe = stripe();
    reentrant[stripe].lock();
    try {
      counts[stripe * 16]++;
    } finally {
      reentrant[stripe].unlock();
    }
  }

  @Benchmark
  public void monitors() {
    int stripe = stripe();
    synchronized (monitors[stripe]) {
      counts[stripe * 16]++;
    }
  }
}
