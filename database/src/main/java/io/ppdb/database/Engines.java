package io.ppdb.database;

import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.KeyValueEngine;
import io.ppdb.kv.PpdbException;
import java.util.stream.Collectors;

/** The storage engines of this program, by the schemes of locations: {@code SCHEME://…}. */
public final class Engines {
  static final String SCHEME_END = "://";

  /** What is built in only if the build is told to. */
  private static final String CLUSTER = "hbase";

  private Engines() {}

  /** Whether {@code location} names its engine; else it is a directory. */
  public static boolean hasScheme(String location) {
    return location.contains(SCHEME_END);
  }

  /** Whether stores of the engine {@code name} lie on a cluster; it need not be in this program. */
  public static boolean isForClusters(String name) {
    return name.equals(CLUSTER);
  }

  /**
   * The engine that opens {@code location}, which has a scheme.
   *
   * @throws PpdbException NOT_SUPPORTED if this program was built without it, INVALID_ARGUMENT if
   *     there is none of that name
   */
  public static KeyValueEngine forLocation(String location) {
    String name = location.substring(0, location.indexOf(SCHEME_END));
    ClassLoader loader = Engines.class.getClassLoader();
    return KeyValueEngine.all(loader)
        .filter(engine -> engine.name().equals(name))
        .findFirst()
        .orElseThrow(() -> missing(name, location, loader));
  }

  private static PpdbException missing(String name, String location, ClassLoader loader) {
    if (isForClusters(name)) {
      return new PpdbException(
          ErrorCode.NOT_SUPPORTED,
          "cannot open "
              + location
              + ": this program was built without the engine for clusters; 'mvn -Pdistributed"
              + " package' builds it in, as ./ppdb does by itself");
    }
    return new PpdbException(
        ErrorCode.INVALID_ARGUMENT,
        "cannot open "
            + location
            + ": no storage engine is called '"
            + name
            + "'; there are "
            + KeyValueEngine.all(loader)
                .map(KeyValueEngine::name)
                .sorted()
                .collect(Collectors.joining(", ")));
  }
}
