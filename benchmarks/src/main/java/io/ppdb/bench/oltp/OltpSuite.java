package io.ppdb.bench.oltp;

import io.ppdb.bench.BenchOptions;
import io.ppdb.bench.Contender;
import io.ppdb.bench.Installation;
import io.ppdb.bench.Measurement;
import io.ppdb.bench.Report;
import io.ppdb.bench.Sides;
import io.ppdb.bench.Suite;
import io.ppdb.bench.WorkFolder;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * Suite {@code oltp}: short statements and transactions over JDBC. Commits that write are measured
 * in two ways: synced, beside SQLite, the only peer that can; and not synced, beside all. The ratio
 * of such a workload is the smaller one. The mix of transactions runs beside H2.
 */
public final class OltpSuite implements Suite {
  static final int TERMINAL_COUNT = 8;

  private static final List<Contender> PEERS =
      List.of(
          new Contender("h2"),
          new Contender("sqlite"),
          new Contender("h2-delayed", "h2", List.of()),
          new Contender("sqlite-exclusive", "sqlite", List.of()));
  private static final List<String> DEFAULT_PEERS = List.of("h2", "sqlite");
  private static final int ROUNDS = 5;

  @Override
  public String name() {
    return "oltp";
  }

  @Override
  public void run(BenchOptions options, Installation installation, Report report)
      throws IOException {
    try (WorkFolder work = WorkFolder.create(installation, name());
        Sides sides = Sides.start(installation, name(), PEERS, options.peersOr(DEFAULT_PEERS))) {
      String sizes = options.quick() ? "quick" : "full";
      sides.forEach(side -> side.request("open", work.resolve(side.engine()), sizes));
      for (OltpWorkload workload : OltpWorkload.values()) {
        if (workload.isDurable()) {
          measureBothWays(workload, sides, report);
        } else {
          report.add(
              workload.rowName(),
              measure(
                  workload,
                  sides,
                  engine -> !workload.isMix() || !engine.startsWith("sqlite"),
                  false));
        }
      }
      sides.forEach(side -> side.request("close"));
    }
  }

  private static void measureBothWays(OltpWorkload workload, Sides sides, Report report) {
    List<Map<String, Report.Summary>> ways = new ArrayList<>();
    for (boolean synced : new boolean[] {true, false}) {
      String name = workload.rowName() + (synced ? "-sync" : "-async");
      Map<String, Report.Summary> way =
          report.addWithoutRatio(
              name,
              measure(workload, sides, engine -> !synced || !engine.startsWith("h2"), synced));
      report.compare(name, List.of(way));
      ways.add(way);
    }
    report.compare(workload.rowName(), ways);
  }

  private static Map<String, List<Measurement>> measure(
      OltpWorkload workload, Sides sides, Predicate<String> engines, boolean synced) {
    return sides.rounds(
        ROUNDS, engines, (side, round) -> side.measure("run", workload.rowName(), round, synced));
  }
}
