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
import java.util.List;

/**
 * Suite {@code kv}: 16-byte keys and 100-byte values that compress to a half; 100,000 of them if
 * quick, else a million. RocksDB is the peer; LMDB, another kind of store, joins when named.
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

  @Override
  public String name() {
    return "kv";
  }

  @Override
  public void run(BenchOptions options, Installation installation, Report report)
      throws IOException {
    try (WorkFolder work = WorkFolder.create(installation, name());
        Sides sides = Sides.start(installation, name(), PEERS, options.peersOr(DEFAULT_PEERS))) {
      String sizes = options.quick() ? "quick" : "full";
      sides.forEach(side -> side.request("open", work.resolve(side.engine()), sizes));
      for (KvWorkload workload : KvWorkload.values()) {
        if (workload == KvWorkload.READRANDOM) {
          sides.forEach(side -> side.request("settle"));
        }
        report.add(
            workload.rowName(),
            sides.rounds(ROUNDS, (side, round) -> measure(side, workload, round)));
      }
      sides.forEach(side -> side.request("close"));
    }
  }

  private static Measurement measure(SideProcess side, KvWorkload workload, int round) {
    return side.measure("run", workload.rowName(), round);
  }
}
