package io.ppdb.bench.memory;

import io.ppdb.bench.Measurement;
import io.ppdb.bench.Stopwatch;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** A number of threads that do the same work at the same time. */
final class Workers implements AutoCloseable {
  /** So many passes of every thread happen in every round, and make its checksum. */
  private static final int CHECKED_PASSES = 8;

  private final int threadCount;
  private final ExecutorService executor;

  Workers(int threadCount) {
    this.threadCount = threadCount;
    this.executor = Executors.newFixedThreadPool(threadCount);
  }

  /** What one thread does once; gives a digest of what it read. */
  interface Pass {
    long run(int thread, int pass) throws Exception;
  }

  /** The random numbers of one pass: the same on all sides. */
  static SplittableRandom random(long seed, int thread, int pass) {
    return new SplittableRandom((seed * 1_000 + thread) * 1_000_000 + pass);
  }

  private record Passes(long count, long digest) {}

  /** Runs one pass on every thread; gives the sum of the digests. */
  long once(Pass work) throws Exception {
    return forAll(0, 1, work).digest();
  }

  /**
   * Measures passes until the round is long enough; each thread does as many as it can.
   *
   * @param operationsPerPass what a pass counts for; passes are short beside a round
   */
  Measurement measure(int minMillis, int operationsPerPass, Pass work) throws Exception {
    Stopwatch stopwatch = new Stopwatch();
    Passes done = forAll(TimeUnit.MILLISECONDS.toNanos(minMillis), CHECKED_PASSES, work);
    return stopwatch.stop(done.count() * operationsPerPass, Long.toHexString(done.digest()));
  }

  private Passes forAll(long minNanos, int checkedPasses, Pass work) throws Exception {
    long startNanos = System.nanoTime();
    List<Future<Passes>> running = new ArrayList<>();
    for (int i = 0; i < threadCount; i++) {
      int thread = i;
      running.add(
          executor.submit(
              () -> {
                long digest = 0;
                int pass = 0;
                while (pass < checkedPasses || System.nanoTime() - startNanos < minNanos) {
                  long result = work.run(thread, pass);
                  digest += pass < checkedPasses ? result : 0;
                  pass++;
                }
                return new Passes(pass, digest);
              }));
    }
    long count = 0;
    long digest = 0;
    for (Future<Passes> thread : running) {
      Passes passes = thread.get();
      count += passes.count();
      digest += passes.digest();
    }
    return new Passes(count, digest);
  }

  @Override
  public void close() {
    executor.shutdownNow();
  }
}
