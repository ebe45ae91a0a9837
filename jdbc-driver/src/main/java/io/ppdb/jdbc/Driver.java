package io.ppdb.jdbc;

import io.ppdb.jdbc.session.SqlSession;
import io.ppdb.jdbc.session.SqlSessionProvider;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.DriverPropertyInfo;
import java.sql.SQLException;
import java.util.Map;
import java.util.Properties;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The JDBC driver of PPDB.
 *
 * <p>URLs: {@code jdbc:ppdb://HOST:PORT/ppdb} reaches a server; {@code jdbc:ppdb:file:DIRECTORY}
 * opens a database in a directory, in this process; {@code jdbc:ppdb:mem:NAME} one in memory that
 * lives as long as a connection to it; {@code jdbc:ppdb:hbase://ZOOKEEPER,…/STORE} one on a
 * cluster. Sessions come from the {@link SqlSessionProvider}s on the driver's class path.
 * Thread-safe.
 */
public final class Driver implements java.sql.Driver {
  static final int MAJOR_VERSION = 0;
  static final int MINOR_VERSION = 1;
  static final String VERSION = MAJOR_VERSION + "." + MINOR_VERSION + ".0";

  static {
    try {
      DriverManager.registerDriver(new Driver());
    } catch (SQLException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  /** A driver; {@link DriverManager} makes one by itself. */
  public Driver() {}

  @Override
  public boolean acceptsURL(String url) {
    return JdbcUrl.isOurs(url);
  }

  @Override
  public @Nullable Connection connect(String url, @Nullable Properties properties)
      throws SQLException {
    return JdbcUrl.isOurs(url) ? open(url, properties) : null;
  }

  static Connection open(String url, @Nullable Properties properties) throws SQLException {
    JdbcUrl parsed = JdbcUrl.parse(url, properties);
    try {
      for (SqlSessionProvider each :
          ServiceLoader.load(SqlSessionProvider.class, Driver.class.getClassLoader())) {
        if (each.accepts(parsed.scheme())) {
          return configure(
              each.connect(parsed.scheme(), parsed.location(), parsed.properties()),
              url,
              parsed.properties());
        }
      }
    } catch (ServiceConfigurationError e) {
      throw new SQLException("a session provider on the class path does not load", "08001", e);
    }
    throw JdbcUrl.unknownScheme(url);
  }

  private static Connection configure(
      SqlSession session, String url, Map<String, String> properties) throws SQLException {
    Connection connection = new PpdbConnection(session, url);
    try {
      String application = properties.get("ApplicationName");
      if (application != null) {
        connection.setClientInfo("ApplicationName", application);
      }
      if (Boolean.parseBoolean(properties.get("readOnly"))) {
        connection.setReadOnly(true);
      }
      String schema = properties.get("schema");
      if (schema != null) {
        connection.setSchema(schema);
      }
      return connection;
    } catch (SQLException | RuntimeException e) {
      connection.close();
      throw e;
    }
  }

  @Override
  public DriverPropertyInfo[] getPropertyInfo(String url, @Nullable Properties properties) {
    Properties known = properties == null ? new Properties() : properties;
    DriverPropertyInfo readOnly =
        property("readOnly", known, "whether the connection refuses writes");
    readOnly.choices = new String[] {"false", "true"};
    return new DriverPropertyInfo[] {
      property(
          "user",
          known,
          "role whose rights the connection has; none within the process may do everything"),
      property("password", known, "password; an in-process connection needs none"),
      property(
          "sslmode",
          known,
          "encryption to a server: disable, prefer, require, verify-ca or verify-full"),
      property(
          "sslrootcert",
          known,
          "PEM file of the certificates that verify-ca and verify-full trust"),
      property("connectTimeout", known, "seconds for the connection to a server and the login"),
      property("socketTimeout", known, "seconds to wait for an answer of a server"),
      property("schema", known, "schema that unqualified names mean"),
      property("ApplicationName", known, "what the program calls itself"),
      readOnly
    };
  }

  private static DriverPropertyInfo property(String name, Properties known, String description) {
    DriverPropertyInfo info = new DriverPropertyInfo(name, known.getProperty(name));
    info.description = description;
    return info;
  }

  @Override
  public int getMajorVersion() {
    return MAJOR_VERSION;
  }

  @Override
  public int getMinorVersion() {
    return MINOR_VERSION;
  }

  /** False: JDBC asks for full SQL-92 entry level of whoever says true. */
  @Override
  public boolean jdbcCompliant() {
    return false;
  }

  @Override
  public Logger getParentLogger() {
    return Logger.getLogger("io.ppdb.jdbc");
  }
}
