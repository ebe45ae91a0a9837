package io.ppdb.bench.memory;

import io.ppdb.bench.BenchOptions;
import io.ppdb.bench.Contender;
import io.ppdb.bench.Installation;
import io.ppdb.bench.Measurement;
import io.ppdb.bench.Report;
import io.ppdb.bench.SideProcess;
import io.ppdb.bench.Sides;
import io.ppdb.bench.Suite;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Suite {@code memory}: 16-byte keys and 100-byte values; 200,000 of them if quick, else a million.
 *
 * <p>Workloads with a bar run with one thread and with two, and the smaller ratio counts. The peers
 * are the JDK's {@code ConcurrentSkipListMap}, Caffeine, and for transactions a constant.
 */
public final class MemorySuite implements Suite {
  private static final Contender JDK = Contender.ofJdk("jdk");
  private static final Contender CAFFEINE = new Contender("caffeine");
  private static final List<String> PEERS = List.of(JDK.name(), CAFFEINE.name());

  /** Half a million transactions per core and second, each of two microseconds of its time. */
  private static final Measurement TARGET =
      new Measurement(
          500_000,
          TimeUnit.SECONDS.toNanos(1),
          TimeUnit.SECONDS.toNanos(1),
          TransactionSide.NOTHING_LOST);

  private static final List<Integer> ONE_AND_TWO = List.of(1, 2);
  private static final int ROUNDS = 3;

  @Override
  public String name() {
    return "memory";
  }

  @Override
  public void run(BenchOptions options, Installation installation, Report report)
      throws IOException {
    List<String> wanted = options.peersOr(PEERS);
    for (String name : wanted) {
      if (!PEERS.contains(name)) {
        System.err.println("bench: peer " + name + " is not installed; its rows are absent");
      }
    }
    String sizes = options.quick() ? "quick" : "full";
    runMaps("skiplist", ONE_AND_TWO, installation, wanted, sizes, report);
    runMaps("memtable", List.of(1), installation, wanted, sizes, report);
    runPointReads(installation, wanted, sizes, report);
    runTransactions(installation, sizes, report);
  }

  private void runMaps(
      String structure,
      List<Integer> threadCounts,
      Installation installation,
      List<String> wanted,
      String sizes,
      Report report)
      throws IOException {
    try (Sides sides = start(structure, installation, JDK, wanted)) {
      sides.forEach(side -> side.request("open", sizes));
      for (MapWorkload workload : MapWorkload.values()) {
        String row = structure + "-" + workload.rowName();
        List<Map<String, Report.Summary>> ways = new ArrayList<>();
        for (int threadCount : threadCounts) {
          ways.add(
              report.addWithoutRatio(
                  rowName(row, threadCount),
                  sides.rounds(
                      ROUNDS,
                      (side, round) ->
                          side.measure("run", workload.rowName(), threadCount, round))));
        }
        report.compare(row, ways);
      }
      Map<String, Report.Footprint> footprints = new LinkedHashMap<>();
      sides.forEach(side -> footprints.put(side.engine(), footprint(side)));
      report.addFootprints(structure + "-heap", "heap", "B/entry", footprints);
    }
  }

  private static Report.Footprint footprint(SideProcess side) {
    String[] fields = side.request("heap").get(0).split(" ", 2);
    return new Report.Footprint(Double.parseDouble(fields[0]), fields[1]);
  }

  private void runPointReads(
      Installation installation, List<String> wanted, String sizes, Report report)
      throws IOException {
    try (Sides sides = start("get", installation, CAFFEINE, wanted)) {
      sides.forEach(side -> side.request("open", sizes));
      List<Map<String, Report.Summary>> ways = new ArrayList<>();
      for (int threadCount : ONE_AND_TWO) {
        ways.add(
            report.addWithoutRatio(
                rowName("memory-get", threadCount),
                sides.rounds(ROUNDS, (side, round) -> side.measure("run", threadCount, round))));
      }
      report.compare("memory-get", ways);
    }
  }

  private void runTransactions(Installation installation, String sizes, Report report)
      throws IOException {
    try (Sides sides = Sides.start(installation, "memory-transaction", List.of(), List.of())) {
      sides.forEach(side -> side.request("open", sizes));
      List<Map<String, Report.Summary>> ways = new ArrayList<>();
      for (int threadCount : ONE_AND_TWO) {
        Map<String, List<Measurement>> rounds =
            sides.rounds(ROUNDS, (side, round) -> side.measure("run", threadCount, round));
        rounds.put("target", Collections.nCopies(ROUNDS, TARGET));
        ways.add(report.addWithoutRatio(rowName("memory-transaction", threadCount), rounds));
      }
      report.compare("memory-transaction", ways);
    }
  }

  /** Starts PPDB's side of a part of the suite, and that of its peer if it is wanted. */
  private Sides start(String part, Installation installation, Contender peer, List<String> wanted)
      throws IOException {
    List<String> peers = wanted.contains(peer.name()) ? List.of(peer.name()) : List.of();
    return Sides.start(installation, name() + "-" + part, List.of(peer), peers);
  }

  private static String rowName(String workload, int threadCount) {
    return workload + "-" + threadCount + "t";
  }
}
