package io.ppdb.graph;

import io.ppdb.graph.storage.ElementKind;
import org.jspecify.annotations.Nullable;

/**
 * What an index is over.
 *
 * @param name the name it is shown and dropped by
 * @param kind vertices or edges
 * @param label the label it is restricted to, null for every label
 * @param key the property key
 * @param isUnique whether no two elements may have the same value
 */
public record GraphIndex(
    String name, ElementKind kind, @Nullable String label, String key, boolean isUnique) {
  /** An index over the vertices of a label, or over all, named after what it is over. */
  public static GraphIndex vertices(@Nullable String label, String key) {
    return new GraphIndex(defaultName("v", label, key), ElementKind.VERTEX, label, key, false);
  }

  /** An index over the edges of a label, or over all, named after what it is over. */
  public static GraphIndex edges(@Nullable String label, String key) {
    return new GraphIndex(defaultName("e", label, key), ElementKind.EDGE, label, key, false);
  }

  public GraphIndex unique() {
    return new GraphIndex(name, kind, label, key, true);
  }

  public GraphIndex named(String newName) {
    return new GraphIndex(newName, kind, label, key, isUnique);
  }

  private static String defaultName(String kind, @Nullable String label, String key) {
    return label == null ? kind + "_" + key : kind + "_" + label + "_" + key;
  }
}
