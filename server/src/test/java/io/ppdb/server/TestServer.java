package io.ppdb.server;

import io.ppdb.database.Database;
import io.ppdb.server.config.Configuration;
import io.ppdb.server.config.Port;
import io.ppdb.server.config.Setting;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Properties;
import java.util.UUID;

/** A server of a database in memory, at free ports of this machine. */
public final class TestServer implements AutoCloseable {
  /** What {@link #start()} uses. */
  public static final Configuration FREE_PORTS =
      Configuration.DEFAULT.with(Setting.POSTGRES, Port.AUTO).with(Setting.HTTP, Port.AUTO);

  private final Database database;
  private final PpdbServer server;

  private TestServer(Database database, PpdbServer server) {
    this.database = database;
    this.server = server;
  }

  public static TestServer start() {
    return start(FREE_PORTS);
  }

  /** A server of its own database, in which {@code statements} have run before it listens. */
  public static TestServer start(Configuration configuration, String... statements) {
    Database database = Database.openMemory("server-" + UUID.randomUUID());
    try {
      try (var session = database.openSession()) {
        for (String each : statements) {
          session.execute(each).close();
        }
      }
      return new TestServer(database, PpdbServer.start(database, configuration));
    } catch (RuntimeException e) {
      database.close();
      throw e;
    }
  }

  public Database database() {
    return database;
  }

  /** The port where a protocol listens. */
  public int port(String protocol) {
    return server.endpoint(protocol).orElseThrow().port();
  }

  /** The address where a protocol listens, as URLs have it. */
  public String hostAndPort(String protocol) {
    return server.endpoint(protocol).orElseThrow().hostAndPort();
  }

  /**
   * A connection of PostgreSQL's JDBC driver, as {@code ppdb} unless properties say otherwise.
   *
   * @param properties names and values in turn
   */
  public Connection connect(String... properties) throws SQLException {
    Properties all = new Properties();
    all.setProperty("user", "ppdb");
    for (int i = 0; i < properties.length; i += 2) {
      all.setProperty(properties[i], properties[i + 1]);
    }
    return DriverManager.getConnection(
        "jdbc:postgresql://" + hostAndPort("postgres") + "/ppdb", all);
  }

  @Override
  public void close() {
    server.close();
    database.close();
  }
}
