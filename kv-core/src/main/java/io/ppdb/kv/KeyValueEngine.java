package io.ppdb.kv;

import java.util.List;
import java.util.ServiceLoader;
import java.util.stream.Stream;

/**
 * A kind of store that can be opened by name; found by {@link ServiceLoader}. Stateless and
 * thread-safe.
 */
public interface KeyValueEngine {
  /** {@code memory}, {@code lsm}, …; of an engine for clusters also the scheme of its locations. */
  String name();

  /**
   * Opens the store at {@code location}. For lsm that is the path of a directory, which becomes a
   * store if it is empty; for a cluster {@code NAME://…}. The memory engine opens a new store, and
   * ignores it.
   *
   * @throws PpdbException INVALID_ARGUMENT if there is no store, or the location is none of this
   *     engine; UNAVAILABLE, after seconds, if who has to serve it does not answer
   */
  KeyValueStore open(String location, StoreOptions options);

  /**
   * Makes what a store needs that opening does not make, as far as it is not there: in a cluster
   * its tables.
   *
   * @param regionCount of how many parts that servers share a new store consists
   * @return what was made, a line each
   */
  default List<String> create(String location, int regionCount) {
    return List.of();
  }

  /** The engines that {@code loader} finds. */
  static Stream<KeyValueEngine> all(ClassLoader loader) {
    return ServiceLoader.load(KeyValueEngine.class, loader).stream()
        .map(ServiceLoader.Provider::get);
  }

  /**
   * The engine called {@code name}.
   *
   * @throws PpdbException NOT_SUPPORTED if {@code loader} finds none
   */
  static KeyValueEngine named(String name, ClassLoader loader) {
    return all(loader)
        .filter(engine -> engine.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new PpdbException(
                    ErrorCode.NOT_SUPPORTED,
                    "no storage engine called " + name + " is on the class path"));
  }
}
