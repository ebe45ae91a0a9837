package io.ppdb.bench.kv;

import io.ppdb.bench.KvData;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/** The measured loops over an open store. What they do depends on their arguments only. */
final class KvOperations {
  private static final int BATCH = 100;
  private static final int PUT_SEED = 77;

  private final KvEngine engine;
  private final KvSizes sizes;
  private final KvData data;

  /** What one pass did: how many operations, and a digest of what they returned. */
  record PassResult(long operationCount, long digest) {}

  KvOperations(KvEngine engine, KvSizes sizes, KvData data) {
    this.engine = engine;
    this.sizes = sizes;
    this.data = data;
  }

  int recordCount() {
    return sizes.recordCount();
  }

  long syncedOperationCount(int threadCount) {
    return (long) threadCount * sizes.syncedOperationsPerThread();
  }

  void fill() throws Exception {
    for (int number = 0; number < sizes.recordCount(); number++) {
      engine.put(KvData.key(number), data.value(number, 0), false);
    }
  }

  void overwrite(int round) throws Exception {
    SplittableRandom random = new SplittableRandom(PUT_SEED + round);
    for (int i = 0; i < sizes.recordCount(); i++) {
      int number = random.nextInt(sizes.recordCount());
      engine.put(KvData.key(number), data.value(number, round), false);
    }
  }

  /** Every thread writes to keys of its own, so that the result does not depend on their order. */
  void putSynced(int threadCount, int round) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(threadCount);
    try {
      List<Future<?>> writers = new ArrayList<>();
      for (int thread = 0; thread < threadCount; thread++) {
        int first = thread;
        writers.add(
            threads.submit(
                () -> {
                  for (int i = 0; i < sizes.syncedOperationsPerThread(); i++) {
                    int number = (i * threadCount + first) % sizes.recordCount();
                    engine.put(KvData.key(number), data.value(number, 100 + round), true);
                  }
                  return null;
                }));
      }
      for (Future<?> writer : writers) {
        writer.get();
      }
    } finally {
      threads.shutdownNow();
    }
  }

  PassResult readRandom(long seed) throws Exception {
    SplittableRandom random = new SplittableRandom(seed);
    int count = sizes.readsPerPass();
    long digest = 0;
    for (int i = 0; i < count; i++) {
      digest += digestOf(engine.get(KvData.key(random.nextInt(sizes.recordCount()))));
    }
    return new PassResult(count, digest);
  }

  PassResult readMissing(long seed) throws Exception {
    SplittableRandom random = new SplittableRandom(seed);
    int count = sizes.readsPerPass();
    long found = 0;
    for (int i = 0; i < count; i++) {
      long number = (1L << 40) + random.nextInt(sizes.recordCount());
      found += engine.get(KvData.key(number)) == null ? 0 : 1;
    }
    return new PassResult(count, found);
  }

  PassResult multiGet(long seed) throws Exception {
    SplittableRandom random = new SplittableRandom(seed);
    int count = Math.max(1, sizes.readsPerPass() / BATCH);
    long digest = 0;
    for (int i = 0; i < count; i++) {
      List<byte[]> keys = new ArrayList<>(BATCH);
      for (int j = 0; j < BATCH; j++) {
        keys.add(KvData.key(random.nextInt(sizes.recordCount())));
      }
      for (byte[] value : engine.getAll(keys)) {
        digest = 31 * digest + digestOf(value);
      }
    }
    return new PassResult(count, digest);
  }

  PassResult seek(long seed) throws Exception {
    SplittableRandom random = new SplittableRandom(seed);
    int count = Math.max(1, sizes.readsPerPass() / BATCH);
    long[] digest = {0};
    for (int i = 0; i < count; i++) {
      engine.scan(
          KvData.key(random.nextInt(sizes.recordCount())),
          BATCH,
          (key, value) -> digest[0] = 31 * digest[0] + key[key.length - 1] + digestOf(value));
    }
    return new PassResult(count, digest[0]);
  }

  PassResult seekBackwards(long seed) throws Exception {
    SplittableRandom random = new SplittableRandom(seed);
    int count = Math.max(1, sizes.readsPerPass() / BATCH);
    long[] digest = {0};
    for (int i = 0; i < count; i++) {
      engine.scanBackwards(
          KvData.key(random.nextInt(sizes.recordCount())),
          BATCH,
          (key, value) -> digest[0] = 31 * digest[0] + key[key.length - 1] + digestOf(value));
    }
    return new PassResult(count, digest[0]);
  }

  void putInTransactions(int round) throws Exception {
    SplittableRandom random = new SplittableRandom(PUT_SEED + 10 + round);
    for (int i = 0; i < sizes.recordCount(); i++) {
      int number = random.nextInt(sizes.recordCount());
      engine.putInTransaction(KvData.key(number), data.value(number, 200 + round));
    }
  }

  /** The value of a key begins with the same hash in every generation, so the digest is fixed. */
  PassResult readWhileWriting(long seed) throws Exception {
    int readCount = sizes.readsPerPass();
    int writeCount = readCount / 2;
    ExecutorService writer = Executors.newSingleThreadExecutor();
    try {
      Future<?> written =
          writer.submit(
              () -> {
                SplittableRandom random = new SplittableRandom(seed + 1);
                for (int i = 0; i < writeCount; i++) {
                  int number = random.nextInt(sizes.recordCount());
                  engine.put(KvData.key(number), data.value(number, (int) seed), false);
                }
                return null;
              });
      PassResult reads = readRandom(seed);
      written.get();
      return new PassResult(readCount + writeCount, reads.digest());
    } finally {
      writer.shutdownNow();
    }
  }

  private static long digestOf(byte @Nullable [] value) {
    return value == null ? 0 : KvData.hashIn(value) + value.length;
  }
}
