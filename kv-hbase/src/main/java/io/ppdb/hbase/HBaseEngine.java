package io.ppdb.hbase;

import io.ppdb.hbase.cluster.ClusterProcess;
import io.ppdb.kv.ClusterEngine;
import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.KeyValueEngine;
import io.ppdb.kv.KeyValueStore;
import io.ppdb.kv.PpdbException;
import io.ppdb.kv.StoreOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Makes the engine for clusters available under its name: stores at {@link StoreLocation}s. What
 * names classes of HBase is loaded when the first store is opened, by {@link LibraryLoader}.
 */
public final class HBaseEngine implements ClusterEngine {
  public static final String NAME = "hbase";

  private static final String ENGINE = "io.ppdb.hbase.omid.OmidEngine";

  // A mini cluster that is a cluster: regions on several servers, files on several nodes.
  private static final int TRIAL_REGION_SERVERS = 3;
  private static final int TRIAL_DATA_NODES = 3;
  private static final String TRIAL_STORE = "trial";

  /** Guarded by the class: all stores of a JVM share the libraries. */
  private static @Nullable KeyValueEngine loaded;

  private static synchronized KeyValueEngine engine() {
    KeyValueEngine engine = loaded;
    if (engine == null) {
      LibraryLoader libraries = LibraryLoader.of(LibraryLoader.directory());
      try {
        engine =
            (KeyValueEngine) libraries.loadClass(ENGINE).getDeclaredConstructor().newInstance();
      } catch (ReflectiveOperationException | LinkageError e) {
        throw new PpdbException(
            ErrorCode.UNAVAILABLE,
            "the libraries of HBase in " + LibraryLoader.directory() + " do not load: " + e,
            e);
      }
      loaded = engine;
    }
    return engine;
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public KeyValueStore open(String location, StoreOptions options) {
    StoreLocation.parse(location); // before anything is loaded
    return engine().open(location, options);
  }

  @Override
  public List<String> create(String location, int regionCount) {
    StoreLocation.parse(location);
    return engine().create(location, regionCount);
  }

  @Override
  public TrialCluster startTrial() throws IOException {
    Path directory = Files.createTempDirectory("ppdb-cluster");
    ClusterProcess cluster =
        new ClusterProcess(directory, LibraryLoader.directory().resolveSibling("cluster"));
    Thread atExit = new Thread(() -> end(cluster, directory), "end of the trial cluster");
    Runtime.getRuntime().addShutdownHook(atExit);
    String location =
        NAME + "://" + cluster.zooKeeper() + "/" + TRIAL_STORE + "?oracle=" + cluster.oracle();
    boolean serves = false;
    try {
      cluster.start(TRIAL_REGION_SERVERS, TRIAL_DATA_NODES);
      List<String> unused = create(location, TRIAL_REGION_SERVERS);
      cluster.startOracle();
      serves = true;
      return new Trial(location, cluster, directory, atExit);
    } finally {
      if (!serves) {
        cluster.close();
        forget(atExit); // the logs stay
      }
    }
  }

  private static void forget(Thread atExit) {
    try {
      Runtime.getRuntime().removeShutdownHook(atExit);
    } catch (IllegalStateException e) {
      // The JVM is ending.
    }
  }

  private static void end(ClusterProcess cluster, Path directory) {
    cluster.close();
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException | UncheckedIOException e) {
      // Left to whoever cleans the directory of temporary files.
    }
  }

  private record Trial(String location, ClusterProcess cluster, Path directory, Thread atExit)
      implements TrialCluster {
    @Override
    public void close() {
      end(cluster, directory);
      forget(atExit);
    }
  }
}
