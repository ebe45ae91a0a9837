package io.ppdb.bench.kv;

import io.ppdb.bench.KvData;
import io.ppdb.bench.Measurement;
import io.ppdb.bench.Side;
import io.ppdb.bench.Stopwatch;
import io.ppdb.bench.WorkFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * The child's part of suite {@code kv}: one store of one engine.
 *
 * <p>Requests: {@code open FOLDER SIZES} · {@code run WORKLOAD ROUND}, answered by a measurement ·
 * {@code settle} · {@code reopen cold|transactions} · {@code written}, answered by the bytes
 * written to disk for each put since the store was empty · {@code space}, answered by the bytes on
 * disk for each entry · {@code close}.
 */
public final class KvSide implements Side {
  private static final int MIXED_PASSES = 4;
  private static final long WARM_UP_NANOS = TimeUnit.SECONDS.toNanos(3);

  private final String suite;
  private final KvEngine engine;

  /** Of the process, when the store was empty. */
  private long writtenBytesBefore;

  /** Since the store was empty. */
  private long putCount;

  private @Nullable Store store;

  /** An open store: where it lies, how big it is to be, what it holds. */
  private record Store(Path folder, KvSizes sizes, KvData data, KvOperations operations) {}

  private KvSide(String suite, KvEngine engine) {
    this.suite = suite;
    this.engine = engine;
  }

  public static KvSide create(String suite, String engine) {
    return new KvSide(
        suite,
        switch (engine) {
          case "ppdb" -> new PpdbEngine();
          case "rocksdb" -> new RocksDbEngine();
          case "lmdb" -> new LmdbEngine();
          default -> throw new IllegalArgumentException("no engine '" + engine + "'");
        });
  }

  @Override
  public List<String> answer(List<String> words) throws Exception {
    switch (words.get(0)) {
      case "open" -> open(Path.of(words.get(1)), KvSizes.of(suite, words.get(2).equals("quick")));
      case "settle" -> engine.settle();
      case "reopen" -> reopen(words.get(1));
      case "written" -> {
        return List.of(Double.toString((double) (writtenBytes() - writtenBytesBefore) / putCount));
      }
      case "space" -> {
        return List.of(space());
      }
      case "close" -> engine.close();
      case "run" -> {
        KvWorkload workload = KvWorkload.named(words.get(1));
        return List.of(run(workload, Integer.parseInt(words.get(2))).toLine());
      }
      default -> throw new IllegalArgumentException("unknown request " + words);
    }
    return List.of();
  }

  private void open(Path folder, KvSizes sizes) throws Exception {
    Files.createDirectories(folder);
    engine.open(folder, sizes);
    KvData data = new KvData(sizes.valueBytes());
    store = new Store(folder, sizes, data, new KvOperations(engine, sizes, data));
  }

  private Measurement run(KvWorkload workload, int round) throws Exception {
    Store opened = store;
    if (opened == null) {
      throw new IllegalStateException("no store is open");
    }
    KvOperations operations = opened.operations();
    int minMillis = opened.sizes().minRoundMillis();
    return switch (workload) {
      case FILLRANDOM -> {
        if (round == 0) {
          fillUntilWarm(opened);
        }
        startEmpty(opened);
        yield once(operations.recordCount(), () -> operations.fill());
      }
      case OVERWRITE -> once(operations.recordCount(), () -> operations.overwrite(round));
      case TRANSACTION_PUT ->
          once(operations.recordCount(), () -> operations.putInTransactions(round));
      case FSYNC1 -> synced(operations, 1, round);
      case FSYNC4 -> synced(operations, 4, round);
      case FSYNC16 -> synced(operations, 16, round);
      case READRANDOM, READRANDOM_COLD ->
          repeated(minMillis, 1, pass -> operations.readRandom(seed(workload, round, pass)));
      case READMISSING ->
          repeated(minMillis, 1, pass -> operations.readMissing(seed(workload, round, pass)));
      case MULTIGET100 ->
          repeated(minMillis, 1, pass -> operations.multiGet(seed(workload, round, pass)));
      case SEEK100 -> repeated(minMillis, 1, pass -> operations.seek(seed(workload, round, pass)));
      case SEEK100_REVERSE ->
          repeated(minMillis, 1, pass -> operations.seekBackwards(seed(workload, round, pass)));
      // A fixed number of passes: what later workloads find in the store must not depend on speed.
      case READWHILEWRITING ->
          repeated(
              0, MIXED_PASSES, pass -> operations.readWhileWriting(seed(workload, round, pass)));
    };
  }

  private void startEmpty(Store opened) throws Exception {
    engine.close();
    WorkFolder.delete(opened.folder());
    Files.createDirectories(opened.folder());
    engine.open(opened.folder(), opened.sizes());
    writtenBytesBefore = writtenBytes();
    putCount = 0;
  }

  /** It is the first workload: without this, the compiler would be measured. */
  private void fillUntilWarm(Store opened) throws Exception {
    Stopwatch stopwatch = new Stopwatch();
    while (stopwatch.wallNanos() < WARM_UP_NANOS) {
      startEmpty(opened);
      opened.operations().fill();
    }
  }

  private void reopen(String how) throws Exception {
    Store opened = store;
    if (opened == null) {
      throw new IllegalStateException("no store is open");
    }
    engine.close();
    switch (how) {
      case "cold" -> engine.open(opened.folder(), opened.sizes().cold());
      case "transactions" -> engine.openForTransactions(opened.folder(), opened.sizes());
      default -> throw new IllegalArgumentException("no way '" + how + "' to open a store");
    }
  }

  /** What this process has let the system write to disk. */
  private static long writtenBytes() throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc/self/io"))) {
      if (line.startsWith("write_bytes: ")) {
        return Long.parseLong(line.substring("write_bytes: ".length()));
      }
    }
    throw new IOException("/proc/self/io does not tell the bytes written");
  }

  private String space() throws Exception {
    Store opened = store;
    if (opened == null) {
      throw new IllegalStateException("no store is open");
    }
    long bytes = 0;
    try (Stream<Path> files = Files.walk(opened.folder())) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        bytes += Files.size(file);
      }
    }
    return Double.toString((double) bytes / opened.sizes().recordCount());
  }

  private Measurement synced(KvOperations operations, int threadCount, int round) throws Exception {
    long operationCount = operations.syncedOperationCount(threadCount);
    return once(operationCount, () -> operations.putSynced(threadCount, round));
  }

  /** Measures writes once; their checksum is that of the whole store afterwards. */
  private Measurement once(long operationCount, Work work) throws Exception {
    Stopwatch stopwatch = new Stopwatch();
    work.run();
    putCount += operationCount;
    Measurement measured = stopwatch.stop(operationCount, "");
    return new Measurement(operationCount, measured.wallNanos(), measured.cpuNanos(), wholeStore());
  }

  /** Measures passes until the round is long enough; the checksum is that of the first pass. */
  private static Measurement repeated(int minMillis, int minPasses, Pass work) throws Exception {
    long minNanos = TimeUnit.MILLISECONDS.toNanos(minMillis);
    long operationCount = 0;
    String checksum = "";
    Stopwatch stopwatch = new Stopwatch();
    for (int pass = 0; pass < minPasses || stopwatch.wallNanos() < minNanos; pass++) {
      KvOperations.PassResult result = work.run(pass);
      operationCount += result.operationCount();
      if (pass == 0) {
        checksum = Long.toHexString(result.digest());
      }
    }
    return stopwatch.stop(operationCount, checksum);
  }

  private String wholeStore() throws Exception {
    CRC32C crc = new CRC32C();
    long[] entryCount = {0};
    engine.scan(
        new byte[1],
        Long.MAX_VALUE,
        (key, value) -> {
          crc.update(key);
          crc.update(value);
          entryCount[0]++;
        });
    return entryCount[0] + ":" + Long.toHexString(crc.getValue());
  }

  private static long seed(KvWorkload workload, int round, int pass) {
    return (workload.rowName().hashCode() * 1_000L + round) * 1_000_000L + pass;
  }

  /** Work that is measured once. */
  private interface Work {
    void run() throws Exception;
  }

  /** Work that is repeated with another seed each time. */
  private interface Pass {
    KvOperations.PassResult run(int pass) throws Exception;
  }
}
