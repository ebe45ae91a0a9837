package io.ppdb.database.session;

import io.ppdb.database.Database;
import io.ppdb.jdbc.session.SqlErrors;
import io.ppdb.jdbc.session.SqlSession;
import io.ppdb.jdbc.session.SqlSessionProvider;
import io.ppdb.kv.PpdbException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Map;

/** Sessions on databases that this process opens: {@code file:DIRECTORY} and {@code mem:NAME}. */
public final class EmbeddedProvider implements SqlSessionProvider {
  private static final String FILE = "file";
  private static final String MEMORY = "mem";

  @Override
  public boolean accepts(String scheme) {
    return scheme.equals(FILE) || scheme.equals(MEMORY);
  }

  @Override
  public SqlSession connect(String scheme, String location, Map<String, String> properties)
      throws SQLException {
    try {
      return new EmbeddedSession(
          scheme.equals(FILE) ? Database.open(Path.of(location)) : Database.openMemory(location));
    } catch (InvalidPathException e) {
      throw SqlErrors.of("08001", 0, "'" + location + "' is no path of a directory", e);
    } catch (PpdbException e) {
      throw Failures.of(e);
    }
  }
}
