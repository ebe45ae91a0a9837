package io.ppdb.relational;

import io.ppdb.kv.Durability;
import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.PpdbException;
import io.ppdb.relational.exec.ExecutionContext;
import io.ppdb.relational.lock.IsolationLevel;
import io.ppdb.relational.parser.SearchPathText;
import io.ppdb.relational.pgcatalog.ServerParameters;
import io.ppdb.relational.planner.Viewpoint;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What SET changes and SHOW shows. {@code timezone}, {@code work_mem}, {@code search_path}, {@code
 * synchronous_commit}, {@code statement_timeout}, {@code lock_timeout} and {@code
 * default_transaction_isolation} have an effect; other names are kept for those who set them. Used
 * by one thread at a time.
 */
final class SessionSettings {
  /** What of a search path stands for the schema that is called like the user. */
  private static final String OWN_SCHEMA = "$user";

  private static final long MIN_WORK_BYTES = 64 << 10;
  private static final String STATEMENT_TIMEOUT = "statement_timeout";
  private static final String LOCK_TIMEOUT = "lock_timeout";
  private static final String ISOLATION = "default_transaction_isolation";
  private static final String READ_ONLY = "default_transaction_read_only";
  private static final String ROLE = "role";
  private static final String AUTHORIZATION = "session_authorization";

  /** Settings that have an effect. */
  private static final List<String> OWN =
      List.of(
          "timezone",
          "work_mem",
          "search_path",
          "synchronous_commit",
          STATEMENT_TIMEOUT,
          LOCK_TIMEOUT,
          ISOLATION,
          READ_ONLY,
          ROLE,
          AUTHORIZATION,
          "is_superuser",
          "transaction_isolation",
          "transaction_read_only");

  private static final Map<String, String> FIXED = ignoringCase(ServerParameters.FIXED);
  private static final Map<String, String> DEFAULTS = ignoringCase(ServerParameters.DEFAULTS);

  private final SessionTransaction transaction;
  private final Map<String, String> others = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
  private ZoneId timeZone = ZoneId.of("UTC");
  private long workBytes = ExecutionContext.DEFAULT_WORK_BYTES;
  private final SessionRoles roles;
  private List<String> searchPath = Viewpoint.DEFAULT.path();
  private Viewpoint viewpoint;
  private long statementTimeoutMillis;

  SessionSettings(SessionTransaction transaction, SessionRoles roles) {
    this.transaction = transaction;
    this.roles = roles;
    this.viewpoint = newViewpoint();
  }

  /** Who the session is. */
  SessionRoles roles() {
    return roles;
  }

  ZoneId timeZone() {
    return timeZone;
  }

  /** From where statements look at the catalog. */
  Viewpoint viewpoint() {
    return viewpoint;
  }

  /** What an operator may hold in memory. */
  long workBytes() {
    return workBytes;
  }

  void setSearchPath(List<String> schemas) {
    searchPath = List.copyOf(schemas);
    viewpoint = newViewpoint();
  }

  private Viewpoint newViewpoint() {
    return new Viewpoint(
        searchPath.stream()
            .map(name -> name.equals(OWN_SCHEMA) ? roles.currentName() : name)
            .toList(),
        roles.current());
  }

  /** How long a statement may take; 0 for ever. */
  long statementTimeoutMillis() {
    return statementTimeoutMillis;
  }

  void setTimeZone(ZoneId zone) {
    timeZone = zone;
  }

  void set(String name, String value) {
    if (value.equals(CompiledStatement.Setting.DEFAULT)) {
      reset(name.toLowerCase(Locale.ROOT));
      return;
    }
    switch (name.toLowerCase(Locale.ROOT)) {
      case "timezone", "time_zone" -> timeZone = zone(value);
      case "work_mem" -> workBytes = MemoryText.parse("work_mem", value, MIN_WORK_BYTES);
      case "search_path" -> setSearchPath(SearchPathText.parse(value));
      case "synchronous_commit" -> transaction.setDurability(durability(value));
      case STATEMENT_TIMEOUT ->
          statementTimeoutMillis = DurationText.parseMillis(STATEMENT_TIMEOUT, value);
      case LOCK_TIMEOUT ->
          transaction.locks().setTimeoutMillis(DurationText.parseMillis(LOCK_TIMEOUT, value));
      case ISOLATION -> transaction.setIsolation(isolation(value));
      case READ_ONLY -> transaction.setBeginsReadOnly(isOn(READ_ONLY, value));
      case ROLE -> setRole(value);
      case AUTHORIZATION -> {
        roles.setSession(value);
        viewpoint = newViewpoint();
      }
      default -> {
        if (FIXED.containsKey(name)) {
          throw new PpdbException(
              ErrorCode.INVALID_ARGUMENT, "parameter \"" + name + "\" cannot be changed");
        }
        others.put(name, value);
      }
    }
  }

  private void reset(String name) {
    boolean all = name.equals("all");
    if (all || name.equals("timezone") || name.equals("time_zone")) {
      timeZone = ZoneId.of("UTC");
    }
    if (all || name.equals("work_mem")) {
      workBytes = ExecutionContext.DEFAULT_WORK_BYTES;
    }
    if (all || name.equals("search_path")) {
      setSearchPath(Viewpoint.DEFAULT.path());
    }
    if (all || name.equals("synchronous_commit")) {
      transaction.setDurability(Durability.SYNC);
    }
    if (all || name.equals(STATEMENT_TIMEOUT)) {
      statementTimeoutMillis = 0;
    }
    if (all || name.equals(LOCK_TIMEOUT)) {
      transaction.locks().setTimeoutMillis(0);
    }
    if (all || name.equals(ISOLATION)) {
      transaction.setIsolation(IsolationLevel.REPEATABLE_READ);
    }
    if (all || name.equals(READ_ONLY)) {
      transaction.setBeginsReadOnly(false);
    }
    if (name.equals(ROLE)) {
      roles.resetCurrent();
      viewpoint = newViewpoint();
    }
    if (name.equals(AUTHORIZATION)) {
      roles.resetSession();
      viewpoint = newViewpoint();
    }
    others.keySet().removeIf(other -> all || other.equalsIgnoreCase(name));
  }

  private void setRole(String value) {
    if (value.equals(SessionRoles.NONE)) {
      roles.resetCurrent();
    } else {
      roles.setCurrent(value);
    }
    viewpoint = newViewpoint();
  }

  /** The value of a setting; UNDEFINED_OBJECT if nobody has set it and it means nothing. */
  String show(String name) {
    String value = find(name);
    if (value == null) {
      throw new PpdbException(
          ErrorCode.UNDEFINED_OBJECT, "unrecognized configuration parameter \"" + name + "\"");
    }
    return value;
  }

  /** The value of a setting, or null if nobody has set it and it means nothing. */
  @Nullable String find(String name) {
    return switch (name.toLowerCase(Locale.ROOT)) {
      case "timezone", "time_zone" -> timeZone.getId();
      case "work_mem" -> MemoryText.format(workBytes);
      case "search_path" -> SearchPathText.format(searchPath);
      case "synchronous_commit" ->
          transaction.options().durability() == Durability.SYNC ? "on" : "off";
      case STATEMENT_TIMEOUT -> DurationText.format(statementTimeoutMillis);
      case LOCK_TIMEOUT -> DurationText.format(transaction.locks().timeoutMillis());
      case ISOLATION -> transaction.isolation().text();
      case READ_ONLY -> transaction.beginsReadOnly() ? "on" : "off";
      case "transaction_read_only" -> transaction.isReadOnly() ? "on" : "off";
      case ROLE -> roles.isSessions() ? SessionRoles.NONE : roles.currentName();
      case AUTHORIZATION -> roles.sessionName();
      case "is_superuser" -> roles.isSuperuser() ? "on" : "off";
      case "transaction_isolation" -> transaction.currentIsolation().text();
      default -> other(name);
    };
  }

  private @Nullable String other(String name) {
    String fixed = FIXED.get(name);
    String set = fixed == null ? others.get(name) : fixed;
    return set == null ? DEFAULTS.get(name) : set;
  }

  /** Whether there is such a setting. */
  boolean has(String name) {
    return OWN.contains(name.toLowerCase(Locale.ROOT)) || other(name) != null;
  }

  /** The values of all settings, by name. */
  Map<String, String> all() {
    Map<String, String> all = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    all.putAll(DEFAULTS);
    all.putAll(others);
    all.putAll(FIXED);
    for (String name : OWN) {
      all.put(name, show(name));
    }
    return all;
  }

  private static NavigableMap<String, String> ignoringCase(Map<String, String> parameters) {
    NavigableMap<String, String> sorted = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    sorted.putAll(parameters);
    return Collections.unmodifiableNavigableMap(sorted);
  }

  private static boolean isOn(String name, String value) {
    return switch (value.toLowerCase(Locale.ROOT)) {
      case "on", "true", "yes", "1" -> true;
      case "off", "false", "no", "0" -> false;
      default ->
          throw new PpdbException(
              ErrorCode.INVALID_ARGUMENT,
              "invalid value for parameter \""
                  + name
                  + "\": \""
                  + value
                  + "\"; expected on or off");
    };
  }

  private static IsolationLevel isolation(String value) {
    return switch (value.toLowerCase(Locale.ROOT)) {
      case "serializable" -> IsolationLevel.SERIALIZABLE;
      case "repeatable read" -> IsolationLevel.REPEATABLE_READ;
      case "read committed", "read uncommitted" -> IsolationLevel.READ_COMMITTED;
      default ->
          throw new PpdbException(
              ErrorCode.INVALID_ARGUMENT,
              "invalid value for parameter \""
                  + ISOLATION
                  + "\": \""
                  + value
                  + "\"; expected serializable, repeatable read, read committed or read"
                  + " uncommitted");
    };
  }

  private static ZoneId zone(String name) {
    try {
      return ZoneId.of(name);
    } catch (DateTimeException e) {
      throw new PpdbException(
          ErrorCode.INVALID_ARGUMENT, "invalid value for parameter TimeZone: " + name, e);
    }
  }

  private static Durability durability(String value) {
    return switch (value.toLowerCase(Locale.ROOT)) {
      case "on", "true", "yes", "1", "local" -> Durability.SYNC;
      case "off", "false", "no", "0" -> Durability.ASYNC;
      default ->
          throw new PpdbException(
              ErrorCode.INVALID_ARGUMENT,
              "invalid value for parameter \"synchronous_commit\": \""
                  + value
                  + "\"; expected on, local or off");
    };
  }
}
