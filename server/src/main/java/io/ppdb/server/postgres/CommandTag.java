package io.ppdb.server.postgres;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** What CommandComplete calls a statement: by its first words, as PostgreSQL does. */
final class CommandTag {
  /** Words between CREATE and what is created. */
  private static final Set<String> MODIFIERS =
      Set.of("OR", "REPLACE", "UNIQUE", "TEMP", "TEMPORARY", "GLOBAL", "LOCAL", "UNLOGGED");

  private static final int MAX_WORDS = 8;

  private CommandTag() {}

  /**
   * The words of the tag, without a count: {@code SELECT}, {@code CREATE TABLE}.
   *
   * @param hasRows whether the statement gives rows
   */
  static String of(String sql, boolean hasRows) {
    List<String> words = words(sql);
    String first = words.isEmpty() ? "" : words.get(0);
    String second = words.size() > 1 ? words.get(1) : "";
    return switch (first) {
      case "SELECT", "VALUES", "TABLE" -> "SELECT";
      case "WITH", "" -> hasRows ? "SELECT" : "INSERT";
      case "INSERT",
          "UPDATE",
          "DELETE",
          "MERGE",
          "COPY",
          "EXPLAIN",
          "SHOW",
          "SET",
          "RESET",
          "BEGIN",
          "COMMIT",
          "ROLLBACK",
          "SAVEPOINT",
          "RELEASE",
          "ANALYZE",
          "GRANT",
          "REVOKE",
          "COMMENT",
          "LISTEN",
          "UNLISTEN",
          "NOTIFY" ->
          first.equals("GRANT") || first.equals("REVOKE") ? grant(first, words) : first;
      case "START" -> "START TRANSACTION";
      case "END" -> "COMMIT";
      case "ABORT" -> "ROLLBACK";
      case "TRUNCATE" -> "TRUNCATE TABLE";
      case "REFRESH" -> "REFRESH MATERIALIZED VIEW";
      case "REASSIGN" -> "REASSIGN OWNED";
      case "CREATE", "ALTER", "DROP" -> first + " " + object(words);
      case "DEALLOCATE" -> second.equals("ALL") ? "DEALLOCATE ALL" : "DEALLOCATE";
      case "DISCARD" -> ("DISCARD " + second).strip();
      default -> hasRows ? "SELECT" : known(first);
    };
  }

  /** The statement's kind in metrics: the first word of its tag. */
  static String kind(String tag) {
    int end = tag.indexOf(' ');
    return end < 0 ? tag : tag.substring(0, end);
  }

  /** Whether a statement of this tag changes the catalog. */
  static boolean isDefinition(String tag) {
    return switch (kind(tag)) {
      case "CREATE",
          "ALTER",
          "DROP",
          "GRANT",
          "REVOKE",
          "COMMENT",
          "TRUNCATE",
          "REFRESH",
          "REASSIGN" ->
          true;
      default -> false;
    };
  }

  /** Rights to objects, or a membership. */
  private static String grant(String first, List<String> words) {
    return words.contains("ON") ? first : first + " ROLE";
  }

  private static String object(List<String> words) {
    int index = 1;
    while (index < words.size() && MODIFIERS.contains(words.get(index))) {
      index++;
    }
    if (index >= words.size()) {
      return "OBJECT";
    }
    String word = words.get(index);
    return switch (word) {
      case "MATERIALIZED" -> "MATERIALIZED VIEW";
      case "OWNED" -> "OWNED";
      case "USER", "GROUP" -> "ROLE";
      case "DEFAULT" -> "DEFAULT PRIVILEGES";
      default -> known(word);
    };
  }

  /** Words that are no keyword are not repeated: the tags in metrics are a bounded set. */
  private static String known(String word) {
    return switch (word) {
      case "TABLE", "INDEX", "VIEW", "SEQUENCE", "SCHEMA", "ROLE", "DATABASE", "TYPE" -> word;
      default -> "STATEMENT";
    };
  }

  /** The first words that are code. */
  private static List<String> words(String sql) {
    List<String> words = new ArrayList<>();
    int at = 0;
    while (at < sql.length() && words.size() < MAX_WORDS) {
      at = SqlScanner.firstCode(sql, at);
      int start = at;
      while (at < sql.length() && SqlScanner.isWordPart(sql.charAt(at))) {
        at++;
      }
      if (at > start) {
        words.add(sql.substring(start, at).toUpperCase(Locale.ROOT));
      } else if (at < sql.length()) {
        at = Math.max(at + 1, SqlScanner.skip(sql, at));
      }
    }
    return words;
  }
}
