package io.ppdb.server.postgres;

/**
 * Where in a text of SQL something is code: quotes and comments are skipped by the rules of
 * PostgreSQL's lexer.
 */
final class SqlScanner {
  private SqlScanner() {}

  /**
   * The end of the quoted text or comment that begins at {@code start}, or {@code start} if none
   * begins there. One that is not closed ends with the text.
   */
  static int skip(String sql, int start) {
    char c = sql.charAt(start);
    return switch (c) {
      case '\'' -> quoted(sql, start, isEscapeString(sql, start));
      case '"' -> quoted(sql, start, false);
      case '$' -> dollarQuoted(sql, start);
      case '-' -> sql.startsWith("--", start) ? lineEnd(sql, start) : start;
      case '/' -> sql.startsWith("/*", start) ? commentEnd(sql, start) : start;
      default -> start;
    };
  }

  /** The first position from {@code start} on that is neither white space nor comment. */
  static int firstCode(String sql, int start) {
    int at = start;
    while (at < sql.length()) {
      if (Character.isWhitespace(sql.charAt(at))) {
        at++;
        continue;
      }
      if (!sql.startsWith("--", at) && !sql.startsWith("/*", at)) {
        return at;
      }
      at = skip(sql, at);
    }
    return at;
  }

  /** Whether the quote at {@code quote} follows an E that is a word of its own. */
  private static boolean isEscapeString(String sql, int quote) {
    return quote > 0
        && (sql.charAt(quote - 1) == 'E' || sql.charAt(quote - 1) == 'e')
        && (quote == 1 || !isWordPart(sql.charAt(quote - 2)));
  }

  private static int quoted(String sql, int start, boolean escapes) {
    char quote = sql.charAt(start);
    int at = start + 1;
    while (at < sql.length()) {
      char c = sql.charAt(at);
      if (escapes && c == '\\') {
        at += 2;
      } else if (c != quote) {
        at++;
      } else if (at + 1 < sql.length() && sql.charAt(at + 1) == quote) {
        at += 2;
      } else {
        return at + 1;
      }
    }
    return sql.length();
  }

  private static int dollarQuoted(String sql, int start) {
    if (start > 0 && isWordPart(sql.charAt(start - 1))) {
      return start;
    }
    int end = start + 1;
    while (end < sql.length() && isWordPart(sql.charAt(end)) && sql.charAt(end) != '$') {
      end++;
    }
    boolean isTag =
        end < sql.length()
            && sql.charAt(end) == '$'
            && (end == start + 1 || !Character.isDigit(sql.charAt(start + 1)));
    if (!isTag) {
      return start;
    }
    String tag = sql.substring(start, end + 1);
    int close = sql.indexOf(tag, end + 1);
    return close < 0 ? sql.length() : close + tag.length();
  }

  private static int lineEnd(String sql, int start) {
    int end = sql.indexOf('\n', start);
    return end < 0 ? sql.length() : end + 1;
  }

  private static int commentEnd(String sql, int start) {
    int depth = 0;
    int at = start;
    while (at < sql.length()) {
      if (sql.startsWith("/*", at)) {
        depth++;
        at += 2;
      } else if (sql.startsWith("*/", at)) {
        depth--;
        at += 2;
        if (depth == 0) {
          return at;
        }
      } else {
        at++;
      }
    }
    return sql.length();
  }

  static boolean isWordPart(char c) {
    return c == '_' || c == '$' || Character.isLetterOrDigit(c);
  }
}
