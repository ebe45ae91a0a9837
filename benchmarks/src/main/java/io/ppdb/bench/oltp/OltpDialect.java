package io.ppdb.bench.oltp;

import java.util.List;

/**
 * What is particular to an engine.
 *
 * @param urlPattern its JDBC URL; FOLDER stands for the database's folder
 * @param setUp statements that set a connection up
 * @param synced statement after which a returned commit survives power loss; empty if the engine
 *     cannot do that
 * @param unsynced statement after which a returned commit survives the death of the process only
 * @param keyedTable what follows the columns of a table whose rows lie in the order of a primary
 *     key of several columns
 */
record OltpDialect(
    String urlPattern, List<String> setUp, String synced, String unsynced, String keyedTable) {
  static OltpDialect of(String engine) {
    return switch (engine) {
      case "ppdb" ->
          new OltpDialect(
              "jdbc:ppdb:file:FOLDER",
              List.of(),
              "SET synchronous_commit = on",
              "SET synchronous_commit = off",
              "");
      // Without a delay a commit writes the store's chunk before it returns; nothing is synced.
      case "h2" -> h2("SET WRITE_DELAY 0");
      // As H2 is by default: a commit is lost if the process dies within half a second.
      case "h2-delayed" -> h2("SET WRITE_DELAY 500");
      case "sqlite" -> sqlite("PRAGMA locking_mode = NORMAL");
      // Without the locks that let other processes in.
      case "sqlite-exclusive" -> sqlite("PRAGMA locking_mode = EXCLUSIVE");
      default -> throw new IllegalArgumentException("no engine '" + engine + "'");
    };
  }

  private static OltpDialect h2(String unsynced) {
    return new OltpDialect("jdbc:h2:FOLDER/oltp;CACHE_SIZE=524288", List.of(), "", unsynced, "");
  }

  private static OltpDialect sqlite(String locking) {
    return new OltpDialect(
        "jdbc:sqlite:FOLDER/oltp.db",
        List.of(locking, "PRAGMA journal_mode = WAL", "PRAGMA cache_size = -524288"),
        "PRAGMA synchronous = FULL",
        "PRAGMA synchronous = NORMAL",
        " WITHOUT ROWID");
  }
}
