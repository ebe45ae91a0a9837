package io.ppdb.server.postgres;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A statement that is about the session with its client rather than about data.
 *
 * @param kind what it does
 * @param name of a channel or a prepared statement; empty for all
 * @param payload what NOTIFY sends
 */
record SessionCommand(Kind kind, String name, String payload) {
  /** What a command does. */
  enum Kind {
    LISTEN,
    UNLISTEN,
    NOTIFY,
    DEALLOCATE,
    DISCARD
  }

  private static final String NAME = "(\"(?:[^\"]|\"\")+\"|[\\p{L}_][\\p{L}\\p{N}_$]*|\\*)";

  private static final Pattern CHANNEL =
      Pattern.compile(
          "(LISTEN|UNLISTEN|NOTIFY)\\s+" + NAME + "(?:\\s*,\\s*'((?:[^']|'')*)')?\\s*",
          Pattern.CASE_INSENSITIVE);

  private static final Pattern DEALLOCATE =
      Pattern.compile("DEALLOCATE\\s+(?:PREPARE\\s+)?" + NAME + "\\s*", Pattern.CASE_INSENSITIVE);

  private static final Pattern DISCARD =
      Pattern.compile(
          "DISCARD\\s+(ALL|PLANS|SEQUENCES|TEMP|TEMPORARY)\\s*", Pattern.CASE_INSENSITIVE);

  /** The command that {@code sql} is, or null if it is none. */
  static @Nullable SessionCommand parse(String sql) {
    int first = SqlScanner.firstCode(sql, 0);
    if (first == sql.length() || "LUNDlund".indexOf(sql.charAt(first)) < 0) {
      return null;
    }
    String code = sql.substring(first);
    Matcher channel = CHANNEL.matcher(code);
    if (channel.matches()) {
      Kind kind = Kind.valueOf(channel.group(1).toUpperCase(Locale.ROOT));
      String payload = channel.group(3);
      boolean all = channel.group(2).equals("*");
      boolean possible =
          (payload == null || kind == Kind.NOTIFY) && (!all || kind == Kind.UNLISTEN);
      return possible
          ? new SessionCommand(
              kind,
              all ? "" : identifier(channel.group(2)),
              payload == null ? "" : payload.replace("''", "'"))
          : null;
    }
    Matcher deallocate = DEALLOCATE.matcher(code);
    if (deallocate.matches()) {
      String name = deallocate.group(1);
      return new SessionCommand(
          Kind.DEALLOCATE, name.equalsIgnoreCase("ALL") ? "" : identifier(name), "");
    }
    Matcher discard = DISCARD.matcher(code);
    return discard.matches()
        ? new SessionCommand(Kind.DISCARD, discard.group(1).toUpperCase(Locale.ROOT), "")
        : null;
  }

  /** A name as the catalog has it: in lower case unless it is quoted. */
  private static String identifier(String text) {
    return text.startsWith("\"")
        ? text.substring(1, text.length() - 1).replace("\"\"", "\"")
        : text.toLowerCase(Locale.ROOT);
  }
}
