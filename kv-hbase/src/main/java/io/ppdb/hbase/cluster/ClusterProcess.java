package io.ppdb.hbase.cluster;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A cluster on this machine, as processes that this one has started and that end with it: one for
 * HBase with all it stands on, one for the timestamp oracle. Ports are free ones of the loopback
 * interface. Needs no class of HBase. Not thread-safe, but that any thread may close it.
 */
public final class ClusterProcess implements AutoCloseable {
  private static final List<String> OPENINGS =
      List.of(
          "--add-opens=java.base/java.lang=ALL-UNNAMED",
          "--add-opens=java.base/java.lang.reflect=ALL-UNNAMED",
          "--add-opens=java.base/java.nio=ALL-UNNAMED",
          "--add-opens=java.base/java.util=ALL-UNNAMED",
          "--add-opens=java.base/sun.nio.ch=ALL-UNNAMED",
          "--add-exports=java.base/jdk.internal.misc=ALL-UNNAMED",
          "--add-exports=java.base/sun.nio.ch=ALL-UNNAMED");

  private final Path directory;
  private final String classPath;
  private final int zooKeeperPort = freePort();
  private final int oraclePort = freePort();
  private volatile @Nullable Child cluster;
  private volatile @Nullable Child oracle;

  /**
   * A cluster that is not started.
   *
   * @param directory takes its files and logs; is there, and stays
   * @param libraries the directory with the libraries of a cluster
   */
  public ClusterProcess(Path directory, Path libraries) {
    this.directory = directory;
    this.classPath =
        String.join(
            File.pathSeparator, directory.toString(), ownClasses().toString(), libraries + "/*");
  }

  private static Path ownClasses() {
    try {
      return Path.of(
          ClusterProcess.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException("the classes of kv-hbase lie nowhere", e);
    }
  }

  private static int freePort() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException("no free port", e);
    }
  }

  /** Starts HDFS, ZooKeeper and HBase, and returns when they serve. */
  public void start(int regionServers, int dataNodes) throws IOException {
    writeSite();
    Child child =
        Child.start(
            command("1500m", ClusterMain.class, "" + regionServers, "" + dataNodes),
            directory.resolve("cluster.log"));
    cluster = child;
    child.awaitReady();
  }

  /** Starts the timestamp oracle, whose tables are there; returns when it serves. */
  public void startOracle() throws IOException {
    Child child =
        Child.start(
            command("512m", OracleMain.class, "" + oraclePort), directory.resolve("oracle.log"));
    oracle = child;
    child.awaitReady();
  }

  /** Kills the timestamp oracle, which may be started again. */
  public void killOracle() {
    Child child = oracle;
    if (child != null) {
      child.kill();
      oracle = null;
    }
  }

  /** Aborts the region server that has the row {@code key} of {@code table}. */
  public String abortRegionServer(String table, byte[] key) throws IOException {
    return ask("abort " + table + " " + HexFormat.of().formatHex(key));
  }

  /** Of how many regions {@code table} consists. */
  public int regionCount(String table) throws IOException {
    return Integer.parseInt(ask("regions " + table));
  }

  /** Lets nobody read or write {@code table}, or lets them again. */
  public void serve(String table, boolean isServed) throws IOException {
    ask((isServed ? "enable " : "disable ") + table);
  }

  private String ask(String command) throws IOException {
    Child child = cluster;
    if (child == null) {
      throw new IllegalStateException("the cluster is not started");
    }
    return child.ask(command);
  }

  /** Where ZooKeeper listens, as host and port. */
  public String zooKeeper() {
    return "localhost:" + zooKeeperPort;
  }

  /** Where the timestamp oracle listens, as host and port. */
  public String oracle() {
    return "localhost:" + oraclePort;
  }

  private void writeSite() throws IOException {
    String port = Integer.toString(zooKeeperPort);
    Map<String, String> settings =
        Map.of(
            "hbase.zookeeper.quorum",
            "localhost",
            "hbase.zookeeper.property.clientPort",
            port,
            "test.hbase.zookeeper.property.clientPort",
            port,
            "hbase.wal.hsync",
            "true",
            "zookeeper.session.timeout",
            "10000",
            // as gateways do: a server that was aborted is not waited for
            "hbase.rpc.timeout",
            "10000",
            "hbase.client.meta.read.rpc.timeout",
            "10000",
            "test.build.data.basedirectory",
            directory.resolve("data").toString());
    StringBuilder site = new StringBuilder("<configuration>\n");
    settings.forEach(
        (name, value) ->
            site.append("<property><name>")
                .append(name)
                .append("</name><value>")
                .append(value)
                .append("</value></property>\n"));
    Files.writeString(directory.resolve("hbase-site.xml"), site.append("</configuration>\n"));
  }

  private List<String> command(String heap, Class<?> main, String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Xmx" + heap);
    command.addAll(OPENINGS);
    command.addAll(List.of("-cp", classPath, main.getName()));
    command.addAll(List.of(arguments));
    return command;
  }

  /** Ends all processes. */
  @Override
  public void close() {
    killOracle();
    Child child = cluster;
    if (child != null) {
      child.kill();
      cluster = null;
    }
  }
}
