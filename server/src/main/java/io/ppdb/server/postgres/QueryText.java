package io.ppdb.server.postgres;

import java.util.ArrayList;
import java.util.List;

/**
 * One statement of a text.
 *
 * @param sql without its {@code ;}
 * @param offset where it begins in the text
 */
record QueryText(String sql, int offset) {
  /** The statements of a text, which {@code ;} separates; without those that are nothing. */
  static List<QueryText> split(String text) {
    List<QueryText> statements = new ArrayList<>();
    int start = 0;
    int at = 0;
    while (at < text.length()) {
      int skipped = SqlScanner.skip(text, at);
      if (skipped > at) {
        at = skipped;
      } else if (text.charAt(at) == ';') {
        add(statements, text, start, at);
        at++;
        start = at;
      } else {
        at++;
      }
    }
    add(statements, text, start, text.length());
    return statements;
  }

  private static void add(List<QueryText> statements, String text, int start, int end) {
    int first = SqlScanner.firstCode(text, start);
    if (first < end) {
      statements.add(new QueryText(text.substring(first, end), first));
    }
  }
}
