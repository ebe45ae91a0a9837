package io.ppdb.bench.memory;

import io.ppdb.bench.KvData;
import io.ppdb.bench.Measurement;
import io.ppdb.bench.Side;
import io.ppdb.bench.Stopwatch;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The child's part of the workloads on ordered maps: one kind of map.
 *
 * <p>Requests: {@code open SIZES} · {@code run WORKLOAD THREADS ROUND}, answered by a measurement ·
 * {@code heap}, answered by used bytes per entry and a digest.
 */
public final class MapSide implements Side {
  private static final int SCAN_LENGTH = 100;
  private static final int GETS_PER_PASS = 1_000;
  private static final int SCANS_PER_PASS = 20;
  private static final int COLLECTIONS = 3;

  private final Supplier<OrderedMap> maps;
  private MemorySizes sizes = MemorySizes.named("quick");
  private KvData data = new KvData(sizes.valueBytes());

  /** The last map that was filled. */
  private @Nullable OrderedMap filled;

  private MapSide(Supplier<OrderedMap> maps) {
    this.maps = maps;
  }

  public static MapSide create(String suite, String engine) {
    return new MapSide(
        switch (engine) {
          case "jdk" -> JdkMap::new;
          case "ppdb" -> suite.equals("memory-memtable") ? MemtableMap::new : SkiplistMap::new;
          default -> throw new IllegalArgumentException("no map of engine '" + engine + "'");
        });
  }

  @Override
  public List<String> answer(List<String> words) throws Exception {
    switch (words.get(0)) {
      case "open" -> {
        sizes = MemorySizes.named(words.get(1));
        data = new KvData(sizes.valueBytes());
        return List.of();
      }
      case "run" -> {
        MapWorkload workload = MapWorkload.valueOf(words.get(1).toUpperCase(Locale.ROOT));
        int threadCount = Integer.parseInt(words.get(2));
        return List.of(run(workload, threadCount, Integer.parseInt(words.get(3))).toLine());
      }
      case "heap" -> {
        return List.of(heap());
      }
      default -> throw new IllegalArgumentException("unknown request " + words);
    }
  }

  private Measurement run(MapWorkload workload, int threadCount, int round) throws Exception {
    try (Workers workers = new Workers(threadCount)) {
      long seed = 1_000L * workload.rowName().hashCode() + round;
      return switch (workload) {
        case PUT -> fillRepeatedly(workers, threadCount, round);
        case GET -> {
          OrderedMap map = filledMap();
          yield workers.measure(
              sizes.millisOf(round),
              GETS_PER_PASS,
              (thread, pass) -> get(map, Workers.random(seed, thread, pass)));
        }
        case SEEK100 -> {
          OrderedMap map = filledMap();
          yield workers.measure(
              sizes.millisOf(round),
              SCANS_PER_PASS,
              (thread, pass) -> seek(map, Workers.random(seed, thread, pass)));
        }
      };
    }
  }

  /** Fills one map after the other; the checksum is that of the last one. */
  private Measurement fillRepeatedly(Workers workers, int threadCount, int round) throws Exception {
    long minNanos = TimeUnit.MILLISECONDS.toNanos(sizes.millisOf(round));
    long operationCount = 0;
    filled = null;
    OrderedMap map;
    Stopwatch stopwatch = new Stopwatch();
    do {
      map = maps.get();
      fill(map, workers, threadCount);
      operationCount += sizes.entryCount();
    } while (stopwatch.wallNanos() < minNanos);
    Measurement measured = stopwatch.stop(operationCount, "");
    filled = map;
    return measured.withChecksum(wholeMap(map));
  }

  /** Each thread puts its share of the numbers; by their keys they come in random order. */
  private void fill(OrderedMap map, Workers workers, int threadCount) throws Exception {
    workers.once(
        (thread, pass) -> {
          for (int number = thread; number < sizes.entryCount(); number += threadCount) {
            map.put(KvData.key(number), data.value(number, 0));
          }
          return 0;
        });
  }

  private OrderedMap filledMap() throws Exception {
    OrderedMap map = filled;
    if (map == null) {
      map = maps.get();
      try (Workers workers = new Workers(1)) {
        fill(map, workers, 1);
      }
      filled = map;
    }
    return map;
  }

  private long get(OrderedMap map, SplittableRandom random) {
    long digest = 0;
    for (int i = 0; i < GETS_PER_PASS; i++) {
      digest += map.get(KvData.key(random.nextInt(sizes.entryCount())));
    }
    return digest;
  }

  private long seek(OrderedMap map, SplittableRandom random) {
    long digest = 0;
    for (int i = 0; i < SCANS_PER_PASS; i++) {
      digest += map.scan(KvData.key(random.nextInt(sizes.entryCount())), SCAN_LENGTH);
    }
    return digest;
  }

  private String heap() throws Exception {
    filled = null;
    long before = usedAfterCollection();
    OrderedMap map = filledMap();
    long after = usedAfterCollection();
    return (double) (after - before) / sizes.entryCount() + " " + wholeMap(map);
  }

  /** The least of several: the first may still find what the last round left. */
  private static long usedAfterCollection() {
    long least = Long.MAX_VALUE;
    for (int i = 0; i < COLLECTIONS; i++) {
      System.gc();
      least = Math.min(least, ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
    }
    return least;
  }

  private static String wholeMap(OrderedMap map) {
    return Long.toHexString(map.scan(new byte[0], Integer.MAX_VALUE));
  }
}
