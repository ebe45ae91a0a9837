package io.ppdb.jdbc;

import io.ppdb.jdbc.session.SqlErrors;
import java.sql.SQLException;
import java.util.Locale;

/**
 * Translates JDBC escapes to SQL: {@code {d '…'}}, {@code {t '…'}}, {@code {ts '…'}}, {@code {fn
 * …}}, {@code {oj …}}, {@code {escape '…'}} and {@code {limit …}}. Text within quotes and comments
 * stays as it is.
 */
final class EscapeSyntax {
  private final String sql;
  private final StringBuilder output;
  private int position;

  private EscapeSyntax(String sql) {
    this.sql = sql;
    output = new StringBuilder(sql.length() + 16);
  }

  static String translate(String sql) throws SQLException {
    return sql.indexOf('{') < 0 ? sql : new EscapeSyntax(sql).translate();
  }

  private String translate() throws SQLException {
    copyUntil(/* insideEscape= */ false);
    return output.toString();
  }

  /** Copies up to the end of the text, or past the brace that ends the current escape. */
  private void copyUntil(boolean insideEscape) throws SQLException {
    while (position < sql.length()) {
      char next = sql.charAt(position);
      if (next == '\'' || next == '"') {
        copyThrough(sql.indexOf(next, position + 1), 1);
      } else if (sql.startsWith("--", position)) {
        copyThrough(sql.indexOf('\n', position), 1);
      } else if (sql.startsWith("/*", position)) {
        copyThrough(sql.indexOf("*/", position + 2), 2);
      } else if (sql.startsWith("$$", position)) {
        copyThrough(sql.indexOf("$$", position + 2), 2);
      } else if (next == '{') {
        position++;
        escape();
      } else if (next == '}' && insideEscape) {
        position++;
        return;
      } else {
        output.append(next);
        position++;
      }
    }
    if (insideEscape) {
      throw SqlErrors.of("42601", "a JDBC escape '{…' has no closing '}'");
    }
  }

  private void copyThrough(int end, int terminatorLength) {
    int until = end < 0 ? sql.length() : end + terminatorLength;
    output.append(sql, position, until);
    position = until;
  }

  private void escape() throws SQLException {
    while (position < sql.length() && Character.isWhitespace(sql.charAt(position))) {
      position++;
    }
    int start = position;
    while (position < sql.length() && Character.isLetter(sql.charAt(position))) {
      position++;
    }
    String word = sql.substring(start, position).toLowerCase(Locale.ROOT);
    switch (word) {
      case "d":
        output.append("DATE");
        break;
      case "t":
        output.append("TIME");
        break;
      case "ts":
        output.append("TIMESTAMP");
        break;
      case "escape":
        output.append("ESCAPE");
        break;
      case "limit":
        output.append("LIMIT");
        break;
      case "fn":
      case "oj":
        break;
      case "call":
        throw SqlErrors.notSupported("PPDB has no stored procedures to {call}");
      default:
        throw SqlErrors.of("42601", "unknown JDBC escape '{" + word + "' at character " + start);
    }
    copyUntil(/* insideEscape= */ true);
  }
}
