package io.ppdb.jdbc.session;

import java.sql.SQLException;
import java.util.Map;

/** Opens sessions for one or more forms of location; found by {@link java.util.ServiceLoader}. */
public interface SqlSessionProvider {
  /**
   * Whether {@code scheme} is this provider's.
   *
   * @param scheme the word after {@code jdbc:ppdb:}, such as {@code file} or {@code mem}
   */
  boolean accepts(String scheme);

  /**
   * Opens a session.
   *
   * @param scheme a scheme this provider accepts
   * @param location what follows the scheme: a directory, a name
   * @param properties the URL's and the caller's properties, the caller's winning
   */
  SqlSession connect(String scheme, String location, Map<String, String> properties)
      throws SQLException;
}
