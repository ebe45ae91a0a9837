package io.ppdb.database.session;

import java.util.ServiceLoader;

/** Where tests of JDBC find their databases: in this process, unless a transport is there. */
final class JdbcUrls {
  private JdbcUrls() {}

  /** The URL of a new database that is empty. */
  static String newDatabase(String name) {
    return ServiceLoader.load(JdbcTransport.class)
        .findFirst()
        .map(transport -> transport.newDatabase(name))
        .orElse("jdbc:ppdb:mem:" + name);
  }
}
