package io.ppdb.jdbc.remote;

import io.ppdb.jdbc.session.SqlSession;
import io.ppdb.jdbc.session.SqlSessionProvider;
import java.sql.SQLException;
import java.util.Map;

/** Sessions on a server: {@code //host[:port][/database]}. */
public final class RemoteProvider implements SqlSessionProvider {
  /** What URLs of servers have for a scheme. */
  public static final String SCHEME = "//";

  @Override
  public boolean accepts(String scheme) {
    return scheme.equals(SCHEME);
  }

  @Override
  public SqlSession connect(String scheme, String location, Map<String, String> properties)
      throws SQLException {
    return RemoteSession.open(RemoteUrl.parse(location, properties));
  }
}
