package io.ppdb.bench.tpch;

import io.ppdb.bench.BenchOptions;
import io.ppdb.bench.Contender;
import io.ppdb.bench.Installation;
import io.ppdb.bench.Measurement;
import io.ppdb.bench.Report;
import io.ppdb.bench.SideProcess;
import io.ppdb.bench.Sides;
import io.ppdb.bench.Suite;
import io.ppdb.bench.WorkFolder;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Suite {@code tpch}: queries 1, 5 and 6 on row tables over JDBC, one thread each. */
public final class TpchSuite implements Suite {
  private static final List<Contender> PEERS =
      List.of(new Contender("duckdb"), new Contender("h2"));
  private static final List<String> DEFAULT_PEERS = List.of("duckdb", "h2");
  private static final Contender GENERATOR = new Contender("tpch");
  private static final double DEFAULT_SCALE_FACTOR = 0.01;
  private static final int ROUNDS = 3;
  private static final long QUICK_ROUND_MILLIS = 600;
  private static final long ROUND_MILLIS = 3_000;

  @Override
  public String name() {
    return "tpch";
  }

  @Override
  public void run(BenchOptions options, Installation installation, Report report)
      throws IOException {
    double scaleFactor = options.scaleFactor() == 0 ? DEFAULT_SCALE_FACTOR : options.scaleFactor();
    long roundMillis = options.quick() ? QUICK_ROUND_MILLIS : ROUND_MILLIS;
    try (WorkFolder work = WorkFolder.create(installation, name());
        Sides sides = Sides.start(installation, name(), PEERS, options.peersOr(DEFAULT_PEERS))) {
      String data = work.resolve("data").toString();
      try (SideProcess generator = GENERATOR.start(installation, "tpch-data")) {
        generator.request("generate", data, scaleFactor);
      }
      Map<String, List<Measurement>> loads = new LinkedHashMap<>();
      sides.forEach(
          side -> {
            side.request("open", work.resolve(side.engine()));
            loads.put(side.engine(), List.of(side.measure("load", data)));
          });
      report.addWithoutRatio("load", loads);
      for (TpchQuery query : TpchQuery.values()) {
        Map<String, String> checksums = compare(query, sides, report);
        report.add(
            query.rowName(),
            sides.rounds(
                ROUNDS,
                (side, round) ->
                    side.measure("run", query.rowName(), roundMillis)
                        .withChecksum(checksums.getOrDefault(side.engine(), ""))));
      }
      sides.forEach(side -> side.request("close"));
    }
  }

  /**
   * Compares the results of all sides with those of PPDB.
   *
   * @return a checksum for each side: that of PPDB's rows for the sides that agree with it
   */
  private static Map<String, String> compare(TpchQuery query, Sides sides, Report report) {
    Map<String, List<String>> results = new LinkedHashMap<>();
    sides.forEach(side -> results.put(side.engine(), side.request("rows", query.rowName())));
    List<String> expected = new ArrayList<>(results.values()).get(0);
    Map<String, String> checksums = new LinkedHashMap<>();
    results.forEach(
        (engine, rows) -> {
          String difference = ResultRows.difference(expected, rows);
          if (difference != null) {
            report.mismatch(query.rowName(), engine + ": " + difference);
          }
          checksums.put(engine, ResultRows.checksum(difference == null ? expected : rows));
        });
    return checksums;
  }
}
