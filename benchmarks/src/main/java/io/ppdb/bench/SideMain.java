package io.ppdb.bench;

import io.ppdb.bench.distributed.ClusterSide;
import io.ppdb.bench.kv.KvSide;
import io.ppdb.bench.memory.MapSide;
import io.ppdb.bench.memory.PointReadSide;
import io.ppdb.bench.memory.TransactionSide;
import io.ppdb.bench.oltp.OltpSide;
import io.ppdb.bench.remote.RemoteSide;
import io.ppdb.bench.tpch.TpchGenerator;
import io.ppdb.bench.tpch.TpchSide;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Entry point of a child JVM: {@code SideMain SUITE ENGINE}.
 *
 * <p>The protocol is text on standard input and output. A request is one line of words separated by
 * tabs. An answer is {@code ok N} and N lines, or {@code error MESSAGE}. The child ends when its
 * input does.
 */
final class SideMain {
  private SideMain() {}

  public static void main(String[] arguments) throws IOException {
    PrintStream answers = System.out;
    // Libraries that print must not disturb the protocol.
    System.setOut(System.err);
    BufferedReader requests =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    Side side = null;
    for (String line = requests.readLine(); line != null; line = requests.readLine()) {
      try {
        if (side == null) {
          side = create(arguments[0], arguments[1]);
        }
        List<String> lines = side.answer(List.of(line.split("\t", -1)));
        answers.println("ok " + lines.size());
        lines.forEach(answers::println);
      } catch (Exception | LinkageError e) {
        e.printStackTrace();
        answers.println("error " + String.valueOf(e).replaceAll("\\s+", " "));
      }
      answers.flush();
    }
    // Libraries may have left threads that would keep the JVM alive.
    System.exit(0);
  }

  private static Side create(String suite, String engine) throws Exception {
    return switch (suite) {
      case "kv", "kv-1k", "kv-5m", "kv-history" -> KvSide.create(suite, engine);
      case "memory-skiplist", "memory-memtable" -> MapSide.create(suite, engine);
      case "memory-get" -> PointReadSide.create(engine);
      case "memory-transaction" -> TransactionSide.create(engine);
      case "distributed" -> ClusterSide.create(engine);
      case "oltp" -> OltpSide.create(engine);
      case "oltp-remote" -> RemoteSide.create();
      case "tpch" -> TpchSide.create(engine);
      case "tpch-data" -> new TpchGenerator();
      default -> throw new IllegalArgumentException("no side for suite " + suite);
    };
  }
}
