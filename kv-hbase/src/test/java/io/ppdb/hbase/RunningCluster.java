package io.ppdb.hbase;

import io.ppdb.hbase.cluster.ClusterProcess;
import io.ppdb.kv.KeyRange;
import io.ppdb.kv.KeyValueEngine;
import io.ppdb.kv.KeyValueStore;
import io.ppdb.kv.StoreOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The cluster that the tests of this JVM share: started when first asked for, ends with it. */
final class RunningCluster {
  private static final KeyValueEngine ENGINE =
      KeyValueEngine.named("hbase", RunningCluster.class.getClassLoader());
  private static final ClusterProcess CLUSTER = start();

  private RunningCluster() {}

  private static ClusterProcess start() {
    try {
      Path directory = Files.createDirectories(Path.of("target", "cluster")).toAbsolutePath();
      ClusterProcess cluster =
          new ClusterProcess(directory, LibraryLoader.directory().resolveSibling("cluster"));
      Runtime.getRuntime().addShutdownHook(new Thread(cluster::close));
      cluster.start(3, 3);
      ENGINE.create(location(cluster, "ppdb"), 1);
      cluster.startOracle();
      return cluster;
    } catch (IOException e) {
      throw new IllegalStateException("no cluster", e);
    }
  }

  private static String location(ClusterProcess cluster, String store) {
    return "hbase://" + cluster.zooKeeper() + "/" + store + "?oracle=" + cluster.oracle();
  }

  /** A location of {@code store} on the cluster, whether it is there or not. */
  static String location(String store) {
    return location(CLUSTER, store);
  }

  static KeyValueStore open(String store, StoreOptions options) {
    String location = location(store);
    ENGINE.create(location, 1);
    return ENGINE.open(location, options);
  }

  static ClusterProcess cluster() {
    return CLUSTER;
  }

  /** A store in which nothing is, nor traces of what was: they would have to be passed over. */
  static KeyValueStore openEmpty(String store, StoreOptions options) {
    KeyValueStore opened = open(store, options);
    opened.dropRange(KeyRange.all());
    return opened;
  }

  /** Of how many regions {@code table} consists. */
  static int regionCount(String table) {
    try {
      return CLUSTER.regionCount(table);
    } catch (IOException e) {
      throw new IllegalStateException("no count of regions", e);
    }
  }
}
