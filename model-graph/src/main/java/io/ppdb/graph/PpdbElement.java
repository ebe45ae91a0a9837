package io.ppdb.graph;

import io.ppdb.graph.storage.GraphSession;
import io.ppdb.graph.storage.NameKind;
import io.ppdb.graph.storage.NameTable;
import java.util.Arrays;
import org.apache.tinkerpop.gremlin.structure.Element;
import org.apache.tinkerpop.gremlin.structure.util.ElementHelper;
import org.jspecify.annotations.Nullable;

/**
 * A vertex or edge: its graph and its id, and what was last read of it.
 *
 * <p>An element outlives its transaction: in another one it reads itself again. It may be shared by
 * threads, each of which sees it in its own transaction.
 */
abstract class PpdbElement implements Element {
  final PpdbGraph graph;
  final long id;

  PpdbElement(PpdbGraph graph, long id) {
    this.graph = graph;
    this.id = id;
  }

  @Override
  public Object id() {
    return id;
  }

  /** {@link #id} without a box. */
  public long longId() {
    return id;
  }

  @Override
  public PpdbGraph graph() {
    return graph;
  }

  GraphSession session() {
    return graph.session();
  }

  String keyName(int keyId) {
    return graph.store().names().name(NameKind.PROPERTY_KEY, keyId);
  }

  /** The ids of the keys asked for, sorted; those that no element ever had are left out. */
  int[] keyIds(@Nullable String[] propertyKeys) {
    NameTable names = graph.store().names();
    int[] ids = new int[propertyKeys.length];
    int count = 0;
    for (String key : propertyKeys) {
      int keyId = names.find(NameKind.PROPERTY_KEY, key, session().view());
      if (keyId != NameTable.UNKNOWN) {
        ids[count++] = keyId;
      }
    }
    ids = Arrays.copyOf(ids, count);
    Arrays.sort(ids);
    return ids;
  }

  @Override
  @SuppressWarnings("EqualsDoesntCheckParameterClass") // TinkerPop's helper does.
  public boolean equals(@Nullable Object object) {
    return this == object || ElementHelper.areEqual(this, object);
  }

  @Override
  public int hashCode() {
    return ElementHelper.hashCode(this);
  }
}
