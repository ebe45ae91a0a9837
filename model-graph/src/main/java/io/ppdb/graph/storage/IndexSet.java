package io.ppdb.graph.storage;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The indexes of a graph as one schema epoch has them. Immutable. */
public final class IndexSet {
  static final IndexSet EMPTY = new IndexSet(0, List.of());
  private static final IndexDefinition[] NONE = {};

  private final long epoch;
  private final List<IndexDefinition> all;

  /** Index: element kind, key id. */
  private final IndexDefinition[][][] byKey;

  IndexSet(long epoch, List<IndexDefinition> definitions) {
    this.epoch = epoch;
    this.all = List.copyOf(definitions);
    this.byKey = new IndexDefinition[ElementKind.values().length][0][];
    for (IndexDefinition definition : all) {
      IndexDefinition[][] rows = byKey[definition.kind().code()];
      int keyId = definition.keyId();
      if (keyId >= rows.length) {
        int oldLength = rows.length;
        rows = Arrays.copyOf(rows, keyId + 1);
        Arrays.fill(rows, oldLength, rows.length, NONE);
        byKey[definition.kind().code()] = rows;
      }
      List<IndexDefinition> row = new ArrayList<>(List.of(rows[keyId]));
      row.add(definition);
      rows[keyId] = row.toArray(NONE);
    }
  }

  long epoch() {
    return epoch;
  }

  public List<IndexDefinition> all() {
    return all;
  }

  public @Nullable IndexDefinition find(String name) {
    for (IndexDefinition definition : all) {
      if (definition.name().equals(name)) {
        return definition;
      }
    }
    return null;
  }

  boolean isEmpty() {
    return all.isEmpty();
  }

  /** The indexes over a key, of whatever label and state. The array must not be changed. */
  public IndexDefinition[] onKey(ElementKind kind, int keyId) {
    IndexDefinition[][] rows = byKey[kind.code()];
    return keyId >= 0 && keyId < rows.length ? rows[keyId] : NONE;
  }
}
