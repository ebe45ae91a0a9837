package io.ppdb.hbase;

import static org.assertj.core.api.Assertions.assertThat;

import io.ppdb.hbase.cluster.ClusterProcess;
import io.ppdb.kv.KeyValueStore;
import io.ppdb.kv.StoreOptions;
import io.ppdb.kv.contract.Histories;
import io.ppdb.kv.contract.HistoryProcess;
import io.ppdb.kv.contract.ManualClock;
import io.ppdb.kv.contract.Upkeep;
import io.ppdb.kv.contract.Workloads;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Random histories on a cluster, judged by the oracle; and while parts of it die. */
@Tag("cluster")
class HBaseHistoryTest {
  private static final byte[] ANY_KEY = {1};
  private static final AtomicInteger OPENED_COUNT = new AtomicInteger();

  /** A store that may refuse those who need not be refused. */
  private static Upkeep inexact(KeyValueStore store) {
    return new Upkeep() {
      @Override
      public KeyValueStore store() {
        return store;
      }

      @Override
      public boolean isExact() {
        return false;
      }
    };
  }

  /** A store of its own, so that its change log is that of one history. */
  private static KeyValueStore open(ManualClock clock) {
    return RunningCluster.open(
        "history" + OPENED_COUNT.incrementAndGet(), StoreOptions.DEFAULT.withClock(clock));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2})
  void everyInterleavedHistoryIsOneOfTheOracle(long seed) {
    ManualClock clock = new ManualClock();
    try (KeyValueStore store = open(clock)) {
      assertThat(Histories.interleaved(inexact(store), clock, seed, 600, 0).violations()).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2})
  void everyThreadedHistoryIsOneOfTheOracle(long seed) {
    ManualClock clock = new ManualClock();
    try (KeyValueStore store = open(clock)) {
      assertThat(Histories.threaded(inexact(store), clock, seed, 6, 100)).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"BANK", "LIST_APPEND", "FOREIGN_KEYS", "SCHEMA_EPOCHS"})
  void workloadKeepsItsInvariant(Workloads.Kind kind) {
    try (KeyValueStore store = open(new ManualClock())) {
      assertThat(Workloads.threaded(store, kind, 1, 6, 100)).isEmpty();
    }
  }

  /** Clients in processes of their own, a region server aborted, the oracle killed. */
  @Test
  void nothingIsLostOrTornWhenServersDie(@TempDir Path directory) throws Exception {
    String location = RunningCluster.location("processes");
    try (KeyValueStore store = RunningCluster.openEmpty("processes", StoreOptions.DEFAULT)) {
      HistoryProcess.prepare(store);
    }
    List<Path> files = new ArrayList<>();
    List<Process> clients = new ArrayList<>();
    try {
      for (int number = 0; number < 3; number++) {
        Path file = directory.resolve("history" + number);
        files.add(file);
        clients.add(start(location, number, file, directory.resolve("log" + number)));
      }
      TimeUnit.SECONDS.sleep(20);
      ClusterProcess cluster = RunningCluster.cluster();
      cluster.abortRegionServer("processes:data", ANY_KEY);
      TimeUnit.SECONDS.sleep(20);
      cluster.killOracle();
      cluster.startOracle();
      TimeUnit.SECONDS.sleep(20);
      for (Process client : clients) {
        client.getOutputStream().write('\n');
        client.getOutputStream().flush();
      }
      for (Process client : clients) {
        assertThat(client.waitFor(2, TimeUnit.MINUTES)).as("a client has ended").isTrue();
        assertThat(client.exitValue()).isZero();
      }
    } finally {
      clients.forEach(Process::destroyForcibly);
    }
    HistoryProcess.Verdict verdict = HistoryProcess.judge(files, false);
    assertThat(verdict.violations()).isEmpty();
    assertThat(verdict.committed()).isGreaterThan(100);
    // Otherwise nothing has died while somebody was looking.
    assertThat(verdict.failed()).isPositive();
  }

  private static Process start(String location, int number, Path file, Path log)
      throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx256m",
            "-cp",
            System.getProperty("java.class.path"),
            HistoryMain.class.getName(),
            location,
            Integer.toString(number),
            "1",
            file.toString())
        .redirectOutput(log.toFile())
        .redirectErrorStream(true)
        .start();
  }
}
