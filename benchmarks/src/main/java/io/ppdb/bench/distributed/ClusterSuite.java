package io.ppdb.bench.distributed;

import io.ppdb.bench.BenchException;
import io.ppdb.bench.BenchOptions;
import io.ppdb.bench.Contender;
import io.ppdb.bench.Installation;
import io.ppdb.bench.Report;
import io.ppdb.bench.Sides;
import io.ppdb.bench.Suite;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Suite {@code distributed}: PPDB's engine for clusters, and Omid as a program would use it without
 * PPDB, on one cluster: three region servers and three data nodes in one JVM, the oracle in
 * another. PPDB's side starts it. Each side has a table of its own with the same entries.
 */
public final class ClusterSuite implements Suite {
  private static final int ROUNDS = 5;

  /** Seen from {@code lib}, below which the libraries of other sides are. */
  private static final String LIBRARIES = "../../../kv-hbase/libraries/target/client";

  private static final List<Contender> PEERS = List.of(new Contender("omid", LIBRARIES, List.of()));

  @Override
  public String name() {
    return "distributed";
  }

  @Override
  public void run(BenchOptions options, Installation installation, Report report)
      throws IOException {
    Path libraries = installation.home().resolve("lib").resolve(LIBRARIES).normalize();
    if (!Files.isDirectory(libraries)) {
      throw new BenchException(
          "suite distributed needs the libraries of HBase in "
              + libraries
              + "; a build with -Pbench,distributed puts them there");
    }
    Contender ppdb = new Contender("ppdb", "ppdb", List.of("-Dppdb.hbase.libraries=" + libraries));
    try (Sides sides =
        Sides.start(installation, name(), ppdb, PEERS, options.peersOr(List.of("omid")))) {
      ClusterSizes sizes = ClusterSizes.of(options.quick());
      String[] location = {""};
      sides.forEach(
          side -> {
            if (side.engine().equals(ppdb.name())) {
              location[0] = side.request("start").get(0);
            }
            side.request("open", location[0], sizes.name());
          });
      for (ClusterWorkload workload : ClusterWorkload.values()) {
        report.add(
            workload.rowName(),
            sides.rounds(ROUNDS, (side, round) -> side.measure("run", workload.rowName(), round)));
      }
      sides.forEach(side -> side.request("close"));
    }
  }
}
