package io.ppdb.hbase.cluster;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.hbase.HBaseConfiguration;
import org.apache.hadoop.hbase.HBaseTestingUtility;
import org.apache.hadoop.hbase.ServerName;
import org.apache.hadoop.hbase.StartMiniClusterOption;
import org.apache.hadoop.hbase.TableName;
import org.apache.hadoop.hbase.util.Bytes;

/**
 * The process that {@link ClusterProcess} starts: region servers, data nodes and ZooKeeper. It does
 * what lines on standard input say, and ends with them; its answers begin with {@value
 * Child#ANSWER}, since libraries write to standard output too.
 *
 * <pre>
 * abort TABLE KEY   aborts the region server that has the row KEY (hexadecimal) of a table
 * regions TABLE     counts the regions of a table
 * stop              ends the cluster
 * </pre>
 */
final class ClusterMain {
  private final HBaseTestingUtility cluster;
  private final PrintStream out;

  private ClusterMain(HBaseTestingUtility cluster, PrintStream out) {
    this.cluster = cluster;
    this.out = out;
  }

  /** Arguments: number of region servers, number of data nodes. */
  public static void main(String[] arguments) throws Exception {
    PrintStream out = System.out;
    int regionServers = Integer.parseInt(arguments[0]);
    int dataNodes = Integer.parseInt(arguments[1]);
    Configuration configuration = HBaseConfiguration.create();
    configuration.setInt("hbase.master.info.port", -1);
    configuration.setInt("hbase.regionserver.info.port", -1);
    configuration.setInt("hbase.regionserver.handler.count", 10);
    configuration.setInt("dfs.replication", dataNodes);
    configuration.setFloat("hfile.block.cache.size", 0.2f);
    HBaseTestingUtility cluster = new HBaseTestingUtility(configuration);
    cluster.startMiniCluster(
        StartMiniClusterOption.builder()
            .numMasters(1)
            .numRegionServers(regionServers)
            .numDataNodes(dataNodes)
            .build());
    answer(out, "ready");
    new ClusterMain(cluster, out).serve();
    cluster.shutdownMiniCluster();
    // Threads of Hadoop outlive their cluster.
    System.exit(0);
  }

  private static void answer(PrintStream out, String text) {
    out.println(Child.ANSWER + text);
    out.flush();
  }

  private void serve() throws IOException {
    BufferedReader commands =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    String line = commands.readLine();
    while (line != null && !line.equals("stop")) {
      try {
        answer(out, run(line.split(" ", -1)));
      } catch (IOException | RuntimeException e) {
        answer(out, Child.FAILED + e);
      }
      line = commands.readLine();
    }
  }

  private String run(String[] words) throws IOException {
    return switch (words[0] + " " + words.length) {
      case "abort 3" -> "aborted " + abort(TableName.valueOf(words[1]), Bytes.fromHex(words[2]));
      case "regions 2" -> "" + cluster.getAdmin().getRegions(TableName.valueOf(words[1])).size();
      case "disable 2" -> {
        cluster.getAdmin().disableTable(TableName.valueOf(words[1]));
        yield "disabled";
      }
      case "enable 2" -> {
        cluster.getAdmin().enableTable(TableName.valueOf(words[1]));
        yield "enabled";
      }
      default -> Child.FAILED + "no such command";
    };
  }

  private ServerName abort(TableName table, byte[] row) throws IOException {
    ServerName server =
        cluster
            .getConnection()
            .getRegionLocator(table)
            .getRegionLocation(row, true)
            .getServerName();
    cluster.getMiniHBaseCluster().killRegionServer(server);
    return server;
  }
}
