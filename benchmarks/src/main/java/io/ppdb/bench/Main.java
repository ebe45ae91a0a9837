package io.ppdb.bench;

import io.ppdb.bench.distributed.ClusterSuite;
import io.ppdb.bench.kv.KvSuite;
import io.ppdb.bench.memory.MemorySuite;
import io.ppdb.bench.oltp.OltpSuite;
import io.ppdb.bench.remote.RemoteSuite;
import io.ppdb.bench.tpch.TpchSuite;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The command {@code ppdb bench SUITE [--quick] [--sf N] [--peers a,b] [--out FILE] [--remote]}.
 *
 * <p>Results go to standard output, everything else to standard error. Exit code 0 when all sides
 * agreed, whoever was faster; 1 when results differ or a side failed; 2 for wrong usage.
 */
public final class Main {
  private static final List<Suite> SUITES =
      List.of(
          new KvSuite("kv"),
          new KvSuite("kv-1k"),
          new KvSuite("kv-5m"),
          new KvSuite("kv-history"),
          new MemorySuite(),
          new ClusterSuite(),
          new OltpSuite(),
          new RemoteSuite(),
          new TpchSuite());

  private Main() {}

  public static void main(String[] arguments) {
    System.exit(run(arguments));
  }

  private static int run(String[] arguments) {
    BenchOptions options;
    try {
      options = BenchOptions.parse(arguments);
    } catch (IllegalArgumentException e) {
      System.err.println("bench: " + e.getMessage());
      System.err.println(BenchOptions.USAGE);
      return 2;
    }
    Optional<Suite> suite =
        SUITES.stream().filter(each -> each.name().equals(options.suiteName())).findFirst();
    if (suite.isEmpty()) {
      String known = SUITES.stream().map(Suite::name).collect(Collectors.joining(", "));
      System.err.println("bench: no suite '" + options.suiteName() + "'; there are: " + known);
      return 2;
    }
    try (Report report = Report.open(suite.get().name(), options.outputFile())) {
      suite.get().run(options, Installation.ofThisProgram(), report);
      return report.finish() ? 0 : 1;
    } catch (IOException | BenchException e) {
      System.err.println("bench: " + e.getMessage());
      return 1;
    }
  }
}
