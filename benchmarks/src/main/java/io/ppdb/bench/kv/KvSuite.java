package io.ppdb.bench.kv;

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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Suite {@code kv}: 16-byte keys and 100-byte values that compress to a half; 100,000 of them if
 * quick, else a million. {@code kv-1k} has values of 1,000 bytes, {@code kv-5m} five times as many
 * entries, and in {@code kv-history} PPDB keeps ten minutes of history, which no peer can. RocksDB
 * is the peer; LMDB, another kind of store, joins when named.
 */
public final class KvSuite implements Suite {
  private static final List<Contender> PEERS =
      List.of(
          new Contender("rocksdb"),
          new Contender(
              "lmdb",
              "lmdb",
              List.of(
                  "--add-opens=java.base/java.nio=ALL-UNNAMED",
                  "--add-exports=java.base/sun.nio.ch=ALL-UNNAMED")));
  private static final List<String> DEFAULT_PEERS = List.of("rocksdb");
  private static final int ROUNDS = 3;

  private final String name;

  public KvSuite(String name) {
    this.name = name;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public void run(BenchOptions options, Installation installation, Report report)
      throws IOException {
    try (WorkFolder work = WorkFolder.create(installation, name());
        Sides sides = Sides.start(installation, name(), PEERS, options.peersOr(DEFAULT_PEERS))) {
      String sizes = options.quick() ? "quick" : "full";
      sides.forEach(side -> side.request("open", work.resolve(side.engine()), sizes));
      for (KvWorkload workload : KvWorkload.values()) {
        switch (workload) {
          case READRANDOM -> {
            report.addFootprints("write-amplification", "written", "B/put", ask(sides, "written"));
            sides.forEach(side -> side.request("settle"));
            report.addFootprints("space", "disk", "B/entry", ask(sides, "space"));
          }
          case READRANDOM_COLD -> sides.forEach(side -> side.request("reopen", "cold"));
          case TRANSACTION_PUT -> sides.forEach(side -> side.request("reopen", "transactions"));
          default -> {}
        }
        report.add(
            workload.rowName(),
            sides.rounds(ROUNDS, (side, round) -> measure(side, workload, round)));
      }
      sides.forEach(side -> side.request("close"));
    }
  }

  private static Map<String, Report.Footprint> ask(Sides sides, String request) {
    Map<String, Report.Footprint> footprints = new LinkedHashMap<>();
    sides.forEach(
        side -> {
          double bytes = Double.parseDouble(side.request(request).get(0));
          footprints.put(side.engine(), new Report.Footprint(bytes, ""));
        });
    return footprints;
  }

  private static Measurement measure(SideProcess side, KvWorkload workload, int round) {
    return side.measure("run", workload.rowName(), round);
  }
}
