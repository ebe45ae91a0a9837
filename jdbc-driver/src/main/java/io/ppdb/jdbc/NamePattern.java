package io.ppdb.jdbc;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The WHERE clause of a metadata query and its parameters. Not thread-safe.
 *
 * <p>A null pattern matches everything. A pattern has {@code %}, {@code _} and the escape {@code
 * \}; where JDBC asks for a plain name, {@code _} is only itself, but tools that read a whole
 * schema at once pass {@code %} and escapes there too, so those count.
 */
final class NamePattern {
  private final StringBuilder where = new StringBuilder();
  private final List<@Nullable Object> parameters = new ArrayList<>();

  /** The names that {@code pattern} matches. */
  NamePattern like(String column, @Nullable String pattern) {
    if (pattern != null && !pattern.equals("%")) {
      if (pattern.indexOf('%') < 0 && pattern.indexOf('_') < 0 && pattern.indexOf('\\') < 0) {
        condition(column + " = ?", pattern);
      } else {
        condition(column + " LIKE ? ESCAPE '\\'", wellFormed(pattern));
      }
    }
    return this;
  }

  /** The pattern, where an escape that escapes nothing stands for itself. */
  private static String wellFormed(String pattern) {
    StringBuilder text = new StringBuilder(pattern);
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) == '\\') {
        if (i + 1 == text.length() || "%_\\".indexOf(text.charAt(i + 1)) < 0) {
          text.insert(i, '\\');
        }
        i++;
      }
    }
    return text.toString();
  }

  /** The name {@code name}, unless it is clearly a pattern. */
  NamePattern named(String column, @Nullable String name) {
    if (name == null || name.indexOf('%') >= 0 || name.indexOf('\\') >= 0) {
      return like(column, name);
    }
    return condition(column + " = ?", name);
  }

  /** A condition that always holds for the result. */
  NamePattern and(String text) {
    where.append(where.length() == 0 ? " WHERE " : " AND ").append(text);
    return this;
  }

  private NamePattern condition(String text, String value) {
    parameters.add(value);
    return and(text);
  }

  /** {@code WHERE …}, or nothing. */
  String where() {
    return where.toString();
  }

  @Nullable Object[] parameters() {
    return parameters.toArray();
  }
}
