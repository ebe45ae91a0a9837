package io.ppdb.relational;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Compiled statements by their text, the least recently used forgotten first. Whoever takes one out
 * checks its dependencies. Thread-safe.
 */
final class StatementCache {
  private static final int MAX_STATEMENTS = 1024;

  /** Longer texts are bulk inserts, not worth keeping. */
  private static final int MAX_TEXT_LENGTH = 16 << 10;

  private final Map<String, CompiledStatement> statements =
      new LinkedHashMap<>(16, 0.75f, /* accessOrder= */ true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, CompiledStatement> eldest) {
          return size() > MAX_STATEMENTS;
        }
      };

  synchronized @Nullable CompiledStatement get(String sql) {
    return statements.get(sql);
  }

  synchronized void put(String sql, CompiledStatement statement) {
    if (sql.length() <= MAX_TEXT_LENGTH) {
      statements.put(sql, statement);
    }
  }
}
