package io.ppdb.bench.distributed;

import io.ppdb.bench.KvData;
import io.ppdb.bench.Measurement;
import io.ppdb.bench.Side;
import io.ppdb.bench.Stopwatch;
import io.ppdb.kv.ClusterEngine;
import io.ppdb.kv.KeyValueEngine;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * The child's part of the suite: one store on the cluster, by one library.
 *
 * <p>Requests: {@code start}, of PPDB only, answered by the location of a store on a cluster that
 * ends with this process · {@code open LOCATION SIZES}, which loads the entries · {@code run
 * WORKLOAD ROUND}, answered by a measurement · {@code close}.
 */
public final class ClusterSide implements Side {
  private static final Pattern LOCATION =
      Pattern.compile("hbase://(?<zookeeper>[^/]+)/[^?]+[?]oracle=(?<oracle>.+)");
  private static final int LOADED_PER_COMMIT = 500;
  private static final int SCANNED = 1_000;
  private static final int PUT_PER_COMMIT = 10;
  private static final int GETS_PER_PASS = 100;
  private static final int SCANS_PER_PASS = 5;

  private final String engine;
  private final KvData data = new KvData(ClusterSizes.VALUE_BYTES);
  private ClusterSizes sizes = ClusterSizes.of(true);
  private @Nullable ClusterStore store;

  private ClusterSide(String engine) {
    this.engine = engine;
  }

  public static ClusterSide create(String engine) {
    return new ClusterSide(engine);
  }

  @Override
  public List<String> answer(List<String> words) throws Exception {
    switch (words.get(0)) {
      case "start" -> {
        return List.of(start());
      }
      case "open" -> {
        sizes = ClusterSizes.named(words.get(2));
        store = open(words.get(1));
        load();
      }
      case "run" -> {
        int round = Integer.parseInt(words.get(2));
        return List.of(run(ClusterWorkload.named(words.get(1)), round).toLine());
      }
      case "close" -> store().close();
      default -> throw new IllegalArgumentException("unknown request " + words);
    }
    return List.of();
  }

  /** The cluster ends with this JVM. */
  private static String start() throws IOException {
    KeyValueEngine engine = KeyValueEngine.named("hbase", ClusterSide.class.getClassLoader());
    if (engine instanceof ClusterEngine clusters) {
      return clusters.startTrial().location();
    }
    throw new IllegalStateException("the engine for clusters is none");
  }

  private ClusterStore open(String location) throws Exception {
    Matcher parts = LOCATION.matcher(location);
    if (!parts.matches()) {
      throw new IllegalArgumentException("no location: " + location);
    }
    return switch (engine) {
      case "ppdb" -> new PpdbStore(location);
      case "omid" -> new OmidTable(parts.group("zookeeper"), parts.group("oracle"));
      default -> throw new IllegalArgumentException("no engine '" + engine + "'");
    };
  }

  private ClusterStore store() {
    ClusterStore opened = store;
    if (opened == null) {
      throw new IllegalStateException("no store is open");
    }
    return opened;
  }

  private void load() throws Exception {
    for (int first = 0; first < sizes.entryCount(); first += LOADED_PER_COMMIT) {
      List<byte[]> keys = new ArrayList<>();
      List<byte[]> values = new ArrayList<>();
      for (int number = first; number < first + LOADED_PER_COMMIT; number++) {
        keys.add(KvData.key(number));
        values.add(data.value(number, 0));
      }
      store().put(keys, values);
    }
  }

  private Measurement run(ClusterWorkload workload, int round) throws Exception {
    SplittableRandom random = new SplittableRandom(workload.rowName().hashCode() * 1_000L + round);
    return switch (workload) {
      case GET -> repeated(GETS_PER_PASS, () -> get(random));
      case SCAN1000 -> repeated(SCANS_PER_PASS, () -> scan(random));
      case COMMIT10 -> commits(random, round);
    };
  }

  private long get(SplittableRandom random) throws Exception {
    byte[] value = store().get(KvData.key(random.nextInt(sizes.entryCount())));
    return KvData.hashIn(value) + value.length;
  }

  private long scan(SplittableRandom random) throws Exception {
    long[] digest = {0};
    store()
        .scan(
            KvData.key(random.nextInt(sizes.entryCount())),
            SCANNED,
            (key, value) ->
                digest[0] = 31 * digest[0] + key[key.length - 1] + KvData.hashIn(value));
    return digest[0];
  }

  private Measurement commits(SplittableRandom random, int round) throws Exception {
    Stopwatch stopwatch = new Stopwatch();
    for (int i = 0; i < sizes.commitCount(); i++) {
      List<byte[]> keys = new ArrayList<>();
      List<byte[]> values = new ArrayList<>();
      for (int number :
          random.ints(0, sizes.entryCount()).distinct().limit(PUT_PER_COMMIT).toArray()) {
        keys.add(KvData.key(number));
        values.add(data.value(number, 1 + round));
      }
      store().put(keys, values);
    }
    return stopwatch.stop(sizes.commitCount(), "").withChecksum(wholeStore());
  }

  private String wholeStore() throws Exception {
    CRC32C crc = new CRC32C();
    int[] entryCount = {0};
    store()
        .scan(
            new byte[1],
            Integer.MAX_VALUE,
            (key, value) -> {
              crc.update(key);
              crc.update(value);
              entryCount[0]++;
            });
    return entryCount[0] + ":" + Long.toHexString(crc.getValue());
  }

  /** Measures passes until the round is long enough; the checksum is that of the first pass. */
  private Measurement repeated(int passLength, Operation operation) throws Exception {
    long minNanos = TimeUnit.MILLISECONDS.toNanos(sizes.roundMillis());
    long operationCount = 0;
    long digest = 0;
    Stopwatch stopwatch = new Stopwatch();
    while (operationCount == 0 || stopwatch.wallNanos() < minNanos) {
      for (int i = 0; i < passLength; i++) {
        long result = operation.run();
        digest = operationCount < passLength ? 31 * digest + result : digest;
        operationCount++;
      }
    }
    return stopwatch.stop(operationCount, Long.toHexString(digest));
  }

  private interface Operation {
    long run() throws Exception;
  }
}
