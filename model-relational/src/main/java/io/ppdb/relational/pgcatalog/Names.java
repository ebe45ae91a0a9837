package io.ppdb.relational.pgcatalog;

import io.ppdb.relational.expr.QuotingFunctions;
import java.util.ArrayList;
import java.util.List;

/** Names as SQL writes them. */
final class Names {
  private Names() {}

  /** A name, in quotes where it needs them. */
  static String quoted(String name) {
    return QuotingFunctions.name(name);
  }

  static String qualified(String schema, String name) {
    return quoted(schema) + "." + quoted(name);
  }

  /** The parts of a name as SQL writes it: {@code a."B c"} is a and B c. */
  static List<String> parts(String text) {
    List<String> parts = new ArrayList<>();
    StringBuilder part = new StringBuilder();
    boolean quotes = false;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"') {
        boolean doubled = quotes && i + 1 < text.length() && text.charAt(i + 1) == '"';
        if (doubled) {
          part.append(c);
          i++;
        } else {
          quotes = !quotes;
        }
      } else if (c == '.' && !quotes) {
        parts.add(part.toString());
        part.setLength(0);
      } else {
        part.append(quotes ? c : Character.toLowerCase(c));
      }
    }
    parts.add(part.toString());
    return parts;
  }
}
