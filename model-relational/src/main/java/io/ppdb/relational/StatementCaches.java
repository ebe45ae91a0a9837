package io.ppdb.relational;

import io.ppdb.relational.planner.Viewpoint;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The plans of each viewpoint, in a cache of its own, so that no lookup has to compare viewpoints;
 * the least recently used are forgotten first. Thread-safe.
 */
final class StatementCaches {
  private static final int MAX_CACHES = 32;

  private final Map<Viewpoint, StatementCache> caches =
      new LinkedHashMap<>(16, 0.75f, /* accessOrder= */ true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Viewpoint, StatementCache> eldest) {
          return size() > MAX_CACHES;
        }
      };

  synchronized StatementCache of(Viewpoint viewpoint) {
    return caches.computeIfAbsent(viewpoint, key -> new StatementCache());
  }
}
