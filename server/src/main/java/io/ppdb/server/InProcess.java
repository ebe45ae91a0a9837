package io.ppdb.server;

import io.ppdb.jdbc.session.SqlSession;
import io.ppdb.jdbc.session.SqlSessionProvider;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Map;
import java.util.ServiceLoader;

/** Sessions of databases that this process opens itself. */
public final class InProcess {
  private static final String SCHEME = "file";

  private InProcess() {}

  /** A session of the database in {@code directory}. */
  public static SqlSession session(Path directory) throws SQLException {
    for (SqlSessionProvider provider : ServiceLoader.load(SqlSessionProvider.class)) {
      if (provider.accepts(SCHEME)) {
        return provider.connect(SCHEME, directory.toString(), Map.of());
      }
    }
    throw new IllegalStateException("no session provider for '" + SCHEME + "' on the class path");
  }
}
