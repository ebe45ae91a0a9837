package io.ppdb.hbase;

import io.ppdb.hbase.cluster.ClusterProcess;
import io.ppdb.kv.KeyValueStore;
import io.ppdb.kv.StoreOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.BiFunction;

/** The cluster that the tests of this JVM share: started when first asked for, ends with it. */
final class RunningCluster {
  private static final LibraryLoader LOADER = LibraryLoader.of(LibraryLoader.directory());
  private static final ClusterProcess CLUSTER = start();

  private RunningCluster() {}

  private static ClusterProcess start() {
    try {
      Path directory = Files.createDirectories(Path.of("target", "cluster")).toAbsolutePath();
      ClusterProcess cluster =
          new ClusterProcess(directory, LibraryLoader.directory().resolveSibling("cluster"));
      Runtime.getRuntime().addShutdownHook(new Thread(cluster::close));
      cluster.start(3, 3);
      createTables(cluster, "ppdb");
      cluster.startOracle();
      return cluster;
    } catch (IOException e) {
      throw new IllegalStateException("no cluster", e);
    }
  }

  static String location(ClusterProcess cluster, String store) {
    return "hbase://" + cluster.zooKeeper() + "/" + store + "?oracle=" + cluster.oracle();
  }

  private static Class<?> engine() throws ClassNotFoundException {
    return LOADER.loadClass("io.ppdb.hbase.omid.OmidEngine");
  }

  private static void createTables(ClusterProcess cluster, String store) {
    try {
      engine().getMethod("createTables", String.class).invoke(null, location(cluster, store));
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("no tables", e);
    }
  }

  @SuppressWarnings("unchecked")
  static KeyValueStore open(String store, StoreOptions options) {
    createTables(CLUSTER, store);
    try {
      var open =
          (BiFunction<String, StoreOptions, KeyValueStore>) engine().getConstructor().newInstance();
      return open.apply(location(CLUSTER, store), options);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("no engine", e);
    }
  }
}
