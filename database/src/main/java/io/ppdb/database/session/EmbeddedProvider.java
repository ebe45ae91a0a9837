package io.ppdb.database.session;

import io.ppdb.database.Database;
import io.ppdb.database.Engines;
import io.ppdb.jdbc.session.SqlErrors;
import io.ppdb.jdbc.session.SqlSession;
import io.ppdb.jdbc.session.SqlSessionProvider;
import io.ppdb.kv.PpdbException;
import io.ppdb.relational.WarmUp;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Map;

/**
 * Sessions on databases that this process opens: {@code file:DIRECTORY}, {@code mem:NAME} and, on a
 * cluster, {@code hbase://zk1,zk2/STORE}.
 */
public final class EmbeddedProvider implements SqlSessionProvider {
  private static final String FILE = "file";
  private static final String MEMORY = "mem";

  /** The property that is part of a location; the others are the session's. */
  private static final String ORACLE = "oracle";

  /** The property that names the role of the session. */
  private static final String USER = "user";

  /**
   * A session on a database that is open.
   *
   * @param database a handle of the session's own, which it closes
   */
  public static SqlSession session(Database database) {
    return new EmbeddedSession(database, null);
  }

  @Override
  public boolean accepts(String scheme) {
    return scheme.equals(FILE) || scheme.equals(MEMORY) || Engines.isForClusters(scheme);
  }

  @Override
  public SqlSession connect(String scheme, String location, Map<String, String> properties)
      throws SQLException {
    WarmUp.start();
    try {
      Database database =
          switch (scheme) {
            case FILE -> Database.open(Path.of(location));
            case MEMORY -> Database.openMemory(location);
            default -> Database.open(onCluster(scheme, location, properties));
          };
      try {
        String user = properties.get(USER);
        return new EmbeddedSession(database, user == null || user.isEmpty() ? null : user);
      } catch (RuntimeException e) {
        database.close();
        throw e;
      }
    } catch (InvalidPathException e) {
      throw SqlErrors.of("08001", 0, "'" + location + "' is no path of a directory", e);
    } catch (PpdbException e) {
      throw Failures.of(e);
    }
  }

  private static String onCluster(String scheme, String rest, Map<String, String> properties) {
    String oracle = properties.get(ORACLE);
    return scheme + ":" + rest + (oracle == null ? "" : "?" + ORACLE + "=" + oracle);
  }
}
