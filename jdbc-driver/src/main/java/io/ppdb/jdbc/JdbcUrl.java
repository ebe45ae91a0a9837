package io.ppdb.jdbc;

import io.ppdb.jdbc.remote.RemoteProvider;
import io.ppdb.jdbc.session.SqlErrors;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/**
 * A parsed {@code jdbc:ppdb:SCHEME:LOCATION[?name=value&…]}. Immutable.
 *
 * <p>The schemes of today: {@code //} (a server: {@code jdbc:ppdb://HOST:PORT/ppdb}), {@code file}
 * (a directory), {@code mem} (a name) and {@code hbase} (a store on a cluster: {@code
 * //zk1,zk2/STORE}).
 */
final class JdbcUrl {
  static final String PREFIX = "jdbc:ppdb:";

  private static final String FORMS =
      "use jdbc:ppdb://HOST:PORT/ppdb, jdbc:ppdb:file:DIRECTORY, jdbc:ppdb:mem:NAME or"
          + " jdbc:ppdb:hbase://ZOOKEEPER,…/STORE";

  private final String scheme;
  private final String location;
  private final Map<String, String> properties;

  private JdbcUrl(String scheme, String location, Map<String, String> properties) {
    this.scheme = scheme;
    this.location = location;
    this.properties = properties;
  }

  static boolean isOurs(@Nullable String url) {
    return url != null && url.startsWith(PREFIX);
  }

  /** Parses {@code url}; properties that {@code caller} gives win over those in the text. */
  static JdbcUrl parse(String url, @Nullable Properties caller) throws SQLException {
    String rest = url.substring(PREFIX.length());
    boolean remote = rest.startsWith(RemoteProvider.SCHEME);
    int colon = rest.indexOf(':');
    if (!remote
        && (colon <= 0 || !rest.substring(0, colon).chars().allMatch(Character::isLetter))) {
      throw SqlErrors.of("08001", "cannot read the URL '" + url + "': " + FORMS);
    }
    String scheme = remote ? RemoteProvider.SCHEME : rest.substring(0, colon);
    int start = remote ? scheme.length() : colon + 1;
    int question = rest.indexOf('?', start);
    String location = rest.substring(start, question < 0 ? rest.length() : question);
    if (location.isEmpty()) {
      throw SqlErrors.of("08001", "the URL '" + url + "' names no database: " + FORMS);
    }
    Map<String, String> properties = new LinkedHashMap<>();
    if (question >= 0) {
      parseProperties(rest.substring(question + 1), url, properties);
    }
    if (caller != null) {
      for (String name : caller.stringPropertyNames()) {
        properties.put(name, caller.getProperty(name));
      }
    }
    return new JdbcUrl(scheme, location, properties);
  }

  private static void parseProperties(String text, String url, Map<String, String> properties)
      throws SQLException {
    for (String each : text.split("&", -1)) {
      int equal = each.indexOf('=');
      if (equal <= 0) {
        throw SqlErrors.of(
            "08001", "the URL '" + url + "' has '" + each + "' where name=value is expected");
      }
      properties.put(
          each.substring(0, equal),
          URLDecoder.decode(each.substring(equal + 1), StandardCharsets.UTF_8));
    }
  }

  static SQLException unknownScheme(String url) {
    return SqlErrors.of("08001", "nothing here opens the URL '" + url + "': " + FORMS);
  }

  String scheme() {
    return scheme;
  }

  String location() {
    return location;
  }

  Map<String, String> properties() {
    return properties;
  }
}
