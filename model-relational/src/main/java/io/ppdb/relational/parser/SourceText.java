package io.ppdb.relational.parser;

import java.util.ArrayDeque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * The text of a statement as the scanner of tokens can read it, character for character where it
 * was: comments within comments are blank, and what is quoted by {@code $tag$} stands between pairs
 * of dollar signs, its characters kept aside.
 */
final class SourceText {
  private final String sql;
  private final StringBuilder text;
  private final Queue<String> dollarQuoted = new ArrayDeque<>();
  private int at;

  private SourceText(String sql) {
    this.sql = sql;
    this.text = new StringBuilder(sql);
  }

  static SourceText of(String sql) {
    SourceText source = new SourceText(sql);
    while (source.at < sql.length()) {
      source.step();
    }
    return source;
  }

  String text() {
    return text.toString();
  }

  /**
   * What the next string between dollar signs holds, in the order they stand in the text; null if
   * there is none.
   */
  @Nullable String nextDollarQuoted() {
    return dollarQuoted.poll();
  }

  private void step() {
    char c = sql.charAt(at);
    if (c == '\'' || c == '"') {
      boolean escapes =
          c == '\'' && at > 0 && (sql.charAt(at - 1) == 'e' || sql.charAt(at - 1) == 'E');
      skipQuoted(c, escapes);
    } else if (sql.startsWith("--", at)) {
      int end = sql.indexOf('\n', at);
      at = end < 0 ? sql.length() : end;
    } else if (sql.startsWith("/*", at)) {
      skipComment();
    } else if (Character.isJavaIdentifierPart(c) && c != '$') {
      // With E'…' the quote is seen next; a dollar sign within a name quotes nothing.
      while (at < sql.length() && Character.isJavaIdentifierPart(sql.charAt(at))) {
        at++;
      }
    } else if (c == '$') {
      skipDollarQuoted();
    } else {
      at++;
    }
  }

  private void skipQuoted(char quote, boolean escapes) {
    at++;
    while (at < sql.length() && sql.charAt(at) != quote) {
      at += escapes && sql.charAt(at) == '\\' ? 2 : 1;
    }
    at++; // A doubled quote begins another quoted piece.
  }

  private void skipComment() {
    int start = at;
    int depth = 0;
    boolean nested = false;
    do {
      if (sql.startsWith("/*", at)) {
        depth++;
        nested |= depth > 1;
        at += 2;
      } else if (sql.startsWith("*/", at)) {
        depth--;
        at += 2;
      } else {
        at++;
      }
    } while (depth > 0 && at < sql.length());
    if (nested && depth == 0) {
      blank(start, at, ' ');
    }
  }

  private void skipDollarQuoted() {
    int tagEnd = at + 1;
    while (tagEnd < sql.length() && isTagPart(sql.charAt(tagEnd), tagEnd == at + 1)) {
      tagEnd++;
    }
    if (tagEnd >= sql.length() || sql.charAt(tagEnd) != '$') {
      at++;
      return;
    }
    String tag = sql.substring(at, tagEnd + 1);
    int end = sql.indexOf(tag, tagEnd + 1);
    if (end < 0) {
      at++;
      return;
    }
    dollarQuoted.add(sql.substring(tagEnd + 1, end));
    int after = end + tag.length();
    blank(at, after, 'x');
    text.replace(at, at + 2, "$$");
    text.replace(after - 2, after, "$$");
    at = after;
  }

  private static boolean isTagPart(char c, boolean first) {
    return c == '_' || Character.isLetter(c) || (!first && Character.isDigit(c));
  }

  private void blank(int start, int end, char filler) {
    for (int i = start; i < end; i++) {
      if (sql.charAt(i) != '\n' && sql.charAt(i) != '\r') {
        text.setCharAt(i, filler);
      }
    }
  }
}
