package io.ppdb.bench.remote;

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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Suite {@code oltp --remote}: PPDB's server beside PostgreSQL's, both through PostgreSQL's JDBC
 * driver, and PPDB's server through its own driver as a column without a ratio. CPU time is the
 * server's.
 */
public final class RemoteSuite implements Suite {
  private static final String POSTGRES = "postgres";
  private static final String OWN_DRIVER = "ppdb-driver";
  private static final Contender PPDB = new Contender("ppdb", POSTGRES, List.of());
  private static final List<Contender> PEERS =
      List.of(new Contender(POSTGRES), new Contender(OWN_DRIVER));
  private static final int ROUNDS = 5;

  @Override
  public String name() {
    return "oltp-remote";
  }

  @Override
  public void run(BenchOptions options, Installation installation, Report report)
      throws IOException {
    List<String> peers = new ArrayList<>(options.peersOr(List.of(POSTGRES, OWN_DRIVER)));
    try (WorkFolder work = WorkFolder.create(installation, name());
        ServerProcess ppdb =
            ServerProcess.ppdb(
                installation.home().resolve("../../server/target/ppdb.jar").normalize(),
                work.resolve("ppdb"))) {
      Optional<ServerProcess> postgres =
          peers.contains(POSTGRES)
              ? ServerProcess.postgres(work.resolve(POSTGRES))
              : Optional.empty();
      if (postgres.isEmpty() && peers.remove(POSTGRES)) {
        System.err.println("bench: PostgreSQL's server is not installed; its rows are absent");
      }
      try (Sides sides = Sides.start(installation, name(), PPDB, PEERS, peers)) {
        measure(sides, ppdb, postgres, options.quick() ? "quick" : "full", report);
      } finally {
        postgres.ifPresent(ServerProcess::close);
      }
    }
  }

  private static void measure(
      Sides sides,
      ServerProcess ppdb,
      Optional<ServerProcess> postgres,
      String sizes,
      Report report) {
    sides.forEach(
        side -> {
          boolean isPostgres = side.engine().equals(POSTGRES);
          boolean isOwn = side.engine().equals(OWN_DRIVER);
          ServerProcess server = isPostgres ? postgres.orElseThrow() : ppdb;
          String url =
              (isOwn ? "jdbc:ppdb" : "jdbc:postgresql")
                  + "://127.0.0.1:"
                  + server.port()
                  + (isPostgres ? "/postgres" : "/ppdb")
                  + "?user=ppdb";
          side.request("open", url, server.pid(), sizes, !isOwn);
        });
    for (RemoteWorkload workload : RemoteWorkload.values()) {
      Map<String, List<Measurement>> compared =
          new LinkedHashMap<>(
              sides.rounds(
                  ROUNDS, (side, round) -> side.measure("run", workload.rowName(), round)));
      List<Measurement> own = compared.remove(OWN_DRIVER);
      report.add(workload.rowName(), compared);
      if (own != null) {
        report.addWithoutRatio(workload.rowName(), Map.of(OWN_DRIVER, own));
      }
    }
    sides.forEach(side -> side.request("close"));
  }
}
