package io.ppdb.server.config;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Predicate;

/**
 * One thing that can be set: its name in the file, what values it takes, what it is when nobody
 * sets it. The list of all of them is {@link #all}.
 *
 * @param <T> the class of its values
 */
public final class Setting<T> {
  private static final List<Setting<?>> ALL = new ArrayList<>();

  public static final Setting<String> DATA_DIR =
      add("server.data_dir", ValueKind.TEXT, "", "directory of the database; `--data` wins");

  public static final Setting<List<String>> BIND =
      add(
          "server.bind",
          ValueKind.TEXTS,
          List.of("127.0.0.1"),
          "addresses that all listeners are bound to");

  public static final Setting<Boolean> PROTECTED_MODE =
      add(
          "server.protected_mode",
          ValueKind.BOOLEAN,
          true,
          "refuse to listen beyond this machine without TLS and a role with a password");

  public static final Setting<Port> POSTGRES =
      add("listen.postgres", ValueKind.PORT, Port.of(5432), "port of the PostgreSQL protocol");

  public static final Setting<Port> HTTP =
      add("listen.http", ValueKind.PORT, Port.of(8080), "port of HTTP: health and metrics");

  public static final Setting<String> TLS_CERTIFICATE =
      add("tls.cert", ValueKind.TEXT, "", "PEM file of the certificate and those that signed it");

  public static final Setting<String> TLS_KEY =
      add("tls.key", ValueKind.TEXT, "", "PEM file (PKCS #8) of the certificate's private key");

  public static final Setting<Boolean> TLS_REQUIRED =
      add("tls.required", ValueKind.BOOLEAN, false, "refuse clients that do not use TLS");

  public static final Setting<Duration> TLS_RELOAD =
      add(
          "tls.reload_interval",
          ValueKind.DURATION,
          Duration.ofSeconds(10),
          "how often the files are looked at; new connections use what is there");

  public static final Setting<Boolean> LOCAL_TRUST =
      add(
          "auth.local_trust",
          ValueKind.BOOLEAN,
          true,
          "let the role ppdb in from this machine without a password, as long as it has none");

  public static final Setting<Duration> LOGIN_TIMEOUT =
      add(
          "auth.login_timeout",
          ValueKind.DURATION,
          Duration.ofSeconds(30),
          "when a connection must have logged in");

  public static final Setting<Integer> FAILED_LOGINS =
      add(
          "auth.failed_logins",
          ValueKind.between(1, 1_000_000),
          20,
          "failed logins from one address, within a minute, after which it is refused for a"
              + " minute");

  public static final Setting<Integer> MAX_CONNECTIONS =
      add(
          "limits.max_connections",
          ValueKind.between(1, 1_000_000),
          1000,
          "connections of all protocols at a time");

  public static final Setting<Integer> OWN_THREADS =
      add(
          "limits.own_threads",
          ValueKind.between(0, 10_000),
          64,
          "connections at a time that have a thread of their own, which answers sooner; further"
              + " ones share threads");

  public static final Setting<Long> MAX_FRAME =
      add(
          "limits.max_frame",
          ValueKind.BYTES,
          64L << 20,
          "size of one message of a client, such as a statement with its parameters");

  public static final Setting<Duration> IDLE_TIMEOUT =
      add(
          "limits.idle_timeout",
          ValueKind.DURATION,
          Duration.ZERO,
          "end of connections that are silent outside of a transaction; 0 for never");

  public static final Setting<Duration> STATEMENT_TIMEOUT =
      add(
          "limits.statement_timeout",
          ValueKind.DURATION,
          Duration.ZERO,
          "what `statement_timeout` is in new sessions; 0 for none");

  public static final Setting<String> AUDIT_LOG =
      add(
          "observability.audit_log",
          ValueKind.TEXT,
          "",
          "file that gets a line of JSON for each login and each change of the catalog");

  private final String name;
  private final ValueKind<T> kind;
  private final T defaultValue;
  private final String purpose;

  private Setting(String name, ValueKind<T> kind, T defaultValue, String purpose) {
    this.name = name;
    this.kind = kind;
    this.defaultValue = defaultValue;
    this.purpose = purpose;
  }

  private static <T> Setting<T> add(
      String name, ValueKind<T> kind, T defaultValue, String purpose) {
    Setting<T> setting = new Setting<>(name, kind, defaultValue, purpose);
    ALL.add(setting);
    return setting;
  }

  /** All settings, those of one section together. */
  public static List<Setting<?>> all() {
    return Collections.unmodifiableList(ALL);
  }

  /** Its name in the file, section first: {@code listen.postgres}. */
  public String name() {
    return name;
  }

  public String section() {
    return name.substring(0, name.indexOf('.'));
  }

  /** Its name within its section. */
  public String key() {
    return name.substring(name.indexOf('.') + 1);
  }

  public ValueKind<T> kind() {
    return kind;
  }

  public T defaultValue() {
    return defaultValue;
  }

  /** What it is for, in a few words. */
  public String purpose() {
    return purpose;
  }

  /** Whether a section of this name exists. */
  static boolean isSection(String section) {
    Predicate<Setting<?>> inSection = setting -> setting.section().equals(section);
    return ALL.stream().anyMatch(inSection);
  }

  @Override
  public String toString() {
    return name;
  }
}
