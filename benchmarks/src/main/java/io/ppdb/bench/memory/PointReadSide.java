package io.ppdb.bench.memory;

import io.ppdb.bench.KvData;
import io.ppdb.bench.Measurement;
import io.ppdb.bench.Side;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * The child's part of the point reads: one filled store.
 *
 * <p>Requests: {@code open SIZES} · {@code run THREADS ROUND}, answered by a measurement.
 */
public final class PointReadSide implements Side {
  private static final int GETS_PER_PASS = 1_000;

  private final IntFunction<PointStore> stores;
  private @Nullable PointStore filled;
  private MemorySizes sizes = MemorySizes.named("quick");

  private PointReadSide(IntFunction<PointStore> stores) {
    this.stores = stores;
  }

  public static PointReadSide create(String engine) {
    return new PointReadSide(
        switch (engine) {
          case "ppdb" -> entryCount -> new MemoryEnginePoints();
          case "caffeine" -> CaffeinePoints::new;
          default -> throw new IllegalArgumentException("no point reads of '" + engine + "'");
        });
  }

  @Override
  public List<String> answer(List<String> words) throws Exception {
    switch (words.get(0)) {
      case "open" -> {
        sizes = MemorySizes.named(words.get(1));
        filled = fill();
        return List.of();
      }
      case "run" -> {
        PointStore store = filled;
        if (store == null) {
          throw new IllegalStateException("no store is open");
        }
        int threadCount = Integer.parseInt(words.get(1));
        return List.of(run(store, threadCount, Integer.parseInt(words.get(2))).toLine());
      }
      default -> throw new IllegalArgumentException("unknown request " + words);
    }
  }

  private Measurement run(PointStore store, int threadCount, int round) throws Exception {
    try (Workers workers = new Workers(threadCount)) {
      long seed = round;
      return workers.measure(
          sizes.millisOf(round),
          GETS_PER_PASS,
          (thread, pass) -> get(store, Workers.random(seed, thread, pass)));
    }
  }

  private PointStore fill() {
    PointStore store = stores.apply(sizes.entryCount());
    KvData data = new KvData(sizes.valueBytes());
    for (int number = 0; number < sizes.entryCount(); number++) {
      store.put(KvData.key(number), data.value(number, 0));
    }
    return store;
  }

  private long get(PointStore store, SplittableRandom random) {
    long digest = 0;
    for (int i = 0; i < GETS_PER_PASS; i++) {
      byte[] value = store.get(KvData.key(random.nextInt(sizes.entryCount())));
      digest += value == null ? 0 : Digests.ofValue(value, 0, value.length);
    }
    return digest;
  }
}
