package io.ppdb.server.postgres;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * What a client says when it begins: who it is, which database, and settings of the session.
 *
 * @param settings by name, {@code options} among them
 */
record StartupParameters(String user, String database, Map<String, String> settings) {
  private static final Set<String> ENCODINGS = Set.of("UTF8", "UTF-8", "UNICODE", "SQL_ASCII");

  /** Reads the message after its code. */
  static StartupParameters read(FrameReader reader) {
    Map<String, String> all = new LinkedHashMap<>();
    while (true) {
      String name = reader.readText();
      if (name.isEmpty()) {
        break;
      }
      all.put(name, reader.readText());
    }
    String user = all.remove("user");
    if (user == null || user.isEmpty()) {
      throw new ProtocolException("28000", "no user name was given in the startup message");
    }
    String database = all.remove("database");
    String replication = all.remove("replication");
    if (replication != null && !replication.equals("false") && !replication.equals("off")) {
      throw new ProtocolException("0A000", "replication connections are not supported");
    }
    String encoding = all.remove("client_encoding");
    if (encoding != null
        && !ENCODINGS.contains(encoding.replace("'", "").toUpperCase(Locale.ROOT))) {
      throw new ProtocolException(
          "22023", "client_encoding " + encoding + " is not supported: expected UTF8");
    }
    addOptions(all);
    all.keySet().removeIf(name -> name.startsWith("_pq_."));
    return new StartupParameters(
        user, database == null || database.isEmpty() ? user : database, all);
  }

  /** {@code -c name=value} and {@code --name=value} of the parameter {@code options}. */
  private static void addOptions(Map<String, String> all) {
    String options = all.remove("options");
    if (options == null) {
      return;
    }
    boolean named = false;
    for (String word : options.strip().split("(?<!\\\\)\\s+", -1)) {
      String text = word.replace("\\ ", " ").replace("\\\\", "\\");
      if (text.equals("-c")) {
        named = true;
        continue;
      }
      String setting =
          text.startsWith("--")
              ? text.substring(2)
              : text.startsWith("-c") ? text.substring(2) : named ? text : "";
      named = false;
      int equals = setting.indexOf('=');
      if (equals <= 0) {
        throw new ProtocolException("22023", "invalid command-line argument: " + word);
      }
      all.put(setting.substring(0, equals).replace('-', '_'), setting.substring(equals + 1));
    }
  }
}
