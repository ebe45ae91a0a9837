package io.ppdb.relational;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Compiled statements by their text or, for texts that differ in literals only, by their shape (a
 * text with parameters in place of literals); the least recently used are forgotten first. Whoever
 * takes one out checks its dependencies. Thread-safe.
 */
final class StatementCache {
  private static final int MAX_STATEMENTS = 1024;

  /** Longer texts are bulk inserts, not worth keeping. */
  private static final int MAX_TEXT_LENGTH = 16 << 10;

  private final Map<String, CompiledStatement> statements = leastRecentlyUsed();
  private final Map<String, Shape> shapes = leastRecentlyUsed();

  /**
   * What is known of a shape.
   *
   * @param statement null if its texts have to be compiled one by one
   */
  record Shape(@Nullable CompiledStatement statement) {}

  private static <T> Map<String, T> leastRecentlyUsed() {
    return new LinkedHashMap<>(16, 0.75f, /* accessOrder= */ true) {
      @Override
      protected boolean removeEldestEntry(Map.Entry<String, T> eldest) {
        return size() > MAX_STATEMENTS;
      }
    };
  }

  static boolean isKept(String sql) {
    return sql.length() <= MAX_TEXT_LENGTH;
  }

  @Nullable CompiledStatement get(String sql) {
    synchronized (statements) {
      return statements.get(sql);
    }
  }

  void put(String sql, CompiledStatement statement) {
    if (isKept(sql)) {
      synchronized (statements) {
        statements.put(sql, statement);
      }
    }
  }

  @Nullable Shape shape(String text) {
    synchronized (shapes) {
      return shapes.get(text);
    }
  }

  void putShape(String text, Shape shape) {
    synchronized (shapes) {
      shapes.put(text, shape);
    }
  }
}
