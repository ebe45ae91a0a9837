package io.ppdb.jdbc.remote;

import io.ppdb.jdbc.session.SqlErrors;
import java.sql.SQLException;
import java.util.Map;

/** Where a server is and how to reach it: the parts of {@code //host[:port][/database]}. */
final class RemoteUrl {
  private static final String DEFAULT_USER = "ppdb";
  private static final int DEFAULT_PORT = 5432;

  private final String host;
  private final int port;
  private final String database;
  private final Map<String, String> properties;

  private RemoteUrl(String host, int port, String database, Map<String, String> properties) {
    this.host = host;
    this.port = port;
    this.database = database;
    this.properties = properties;
  }

  /**
   * Reads a location.
   *
   * @param location what follows {@code //}; IPv6 addresses are in brackets
   */
  static RemoteUrl parse(String location, Map<String, String> properties) throws SQLException {
    int slash = location.indexOf('/');
    String address = slash < 0 ? location : location.substring(0, slash);
    String database = slash < 0 ? "" : location.substring(slash + 1);
    int bracket = address.indexOf(']');
    int colon = address.indexOf(':', bracket + 1);
    String host = colon < 0 ? address : address.substring(0, colon);
    if (host.startsWith("[") && host.endsWith("]")) {
      host = host.substring(1, host.length() - 1);
    }
    return new RemoteUrl(
        host.isEmpty() ? "localhost" : host,
        colon < 0 ? DEFAULT_PORT : port(address.substring(colon + 1)),
        database.isEmpty() ? "ppdb" : database,
        properties);
  }

  private static int port(String text) throws SQLException {
    try {
      int port = Integer.parseInt(text);
      if (port > 0 && port < 1 << 16) {
        return port;
      }
    } catch (NumberFormatException e) {
      // The same error.
    }
    throw SqlErrors.of("08001", "'" + text + "' is no port: expected a number from 1 to 65535");
  }

  String host() {
    return host;
  }

  int port() {
    return port;
  }

  String database() {
    return database;
  }

  String user() {
    return property("user", DEFAULT_USER);
  }

  String password() {
    return property("password", "");
  }

  String property(String name, String otherwise) {
    String value = properties.get(name);
    return value == null || value.isEmpty() ? otherwise : value;
  }

  /** A number of seconds, as milliseconds. */
  int millis(String name, int otherwiseSeconds) throws SQLException {
    String text = property(name, Integer.toString(otherwiseSeconds));
    try {
      long seconds = Long.parseLong(text);
      if (seconds >= 0) {
        return (int) Math.min(Integer.MAX_VALUE, seconds * 1000);
      }
    } catch (NumberFormatException e) {
      // The same error.
    }
    throw SqlErrors.of("08001", "property " + name + ": expected seconds, seen '" + text + "'");
  }

  @Override
  public String toString() {
    return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
  }
}
