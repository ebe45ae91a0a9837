package io.ppdb.graph;

import io.ppdb.graph.storage.EdgeProperties;
import io.ppdb.graph.storage.NameKind;
import io.ppdb.graph.storage.PropertyCursor;
import io.ppdb.graph.storage.VertexRecord;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.tinkerpop.gremlin.structure.Element;
import org.apache.tinkerpop.gremlin.structure.Property;
import org.apache.tinkerpop.gremlin.structure.Vertex;
import org.apache.tinkerpop.gremlin.structure.VertexProperty;
import org.apache.tinkerpop.gremlin.structure.util.ElementHelper;
import org.apache.tinkerpop.gremlin.structure.util.StringFactory;
import org.jspecify.annotations.Nullable;

/**
 * One value under a key of a vertex. Its id is {@code vertex.ordinal}, as text: the ordinal is
 * never given to another property of that vertex.
 */
public final class PpdbVertexProperty<V> implements VertexProperty<V>, PropertyOwner {
  private final PpdbVertex vertex;
  private final int keyId;
  private final String key;
  private final int ordinal;
  private final V value;

  PpdbVertexProperty(PpdbVertex vertex, int keyId, String key, int ordinal, V value) {
    this.vertex = vertex;
    this.keyId = keyId;
    this.key = key;
    this.ordinal = ordinal;
    this.value = value;
  }

  /** The property that {@code cursor} stands on. */
  @SuppressWarnings("unchecked") // The caller of TinkerPop's API chooses the type.
  PpdbVertexProperty(PpdbVertex vertex, int keyId, String key, PropertyCursor cursor) {
    this(vertex, keyId, key, cursor.ordinal(), (V) cursor.value());
  }

  @Override
  public Object id() {
    return vertex.id + "." + ordinal;
  }

  @Override
  public String key() {
    return key;
  }

  @Override
  public String label() {
    return key;
  }

  @Override
  public V value() {
    return value;
  }

  @Override
  public boolean isPresent() {
    return true;
  }

  @Override
  public Vertex element() {
    return vertex;
  }

  @Override
  public void remove() {
    VertexRecord before = vertex.find();
    if (before != null && find(before) != null) {
      vertex.store(before, before.withoutOrdinal(ordinal));
    }
  }

  @Override
  public <U> Property<U> property(String metaKey, @Nullable U metaValue) {
    VertexRecord before = vertex.require();
    PropertyCursor cursor = find(before);
    if (cursor == null) {
      throw new IllegalStateException("VertexProperty with id " + id() + " was removed.");
    }
    ElementHelper.validateProperty(metaKey, metaValue);
    if (metaValue == null) {
      removeProperty(vertex.graph.findKey(metaKey));
      return Property.empty();
    }
    int metaKeyId = vertex.graph.checkMetaProperty(metaKey, metaValue);
    byte[] meta = EdgeProperties.with(cursor.meta(), metaKeyId, metaValue);
    vertex.store(before, before.withMeta(ordinal, meta));
    return new PpdbProperty<>(this, metaKeyId, metaKey, metaValue);
  }

  @Override
  public <U> Iterator<Property<U>> properties(String... propertyKeys) {
    List<Property<U>> properties = new ArrayList<>();
    VertexRecord record = vertex.find();
    PropertyCursor cursor = record == null ? null : find(record);
    if (cursor != null) {
      PropertyCursor meta = PropertyCursor.ofEdge(cursor.meta());
      while (meta.next()) {
        String name = vertex.graph.store().names().name(NameKind.PROPERTY_KEY, meta.keyId());
        if (ElementHelper.keyExists(name, propertyKeys)) {
          properties.add(PpdbProperty.of(this, name, meta));
        }
      }
    }
    return properties.iterator();
  }

  @Override
  public void removeProperty(int metaKeyId) {
    VertexRecord before = vertex.find();
    PropertyCursor cursor = before == null ? null : find(before);
    if (before != null && cursor != null) {
      byte[] meta = EdgeProperties.without(cursor.meta(), metaKeyId);
      vertex.store(before, before.withMeta(ordinal, meta));
    }
  }

  private @Nullable PropertyCursor find(VertexRecord record) {
    PropertyCursor cursor = record.properties();
    while (cursor.next(keyId)) {
      if (cursor.ordinal() == ordinal) {
        return cursor;
      }
    }
    return null;
  }

  @Override
  @SuppressWarnings("EqualsDoesntCheckParameterClass") // TinkerPop's helper does.
  public boolean equals(@Nullable Object object) {
    return this == object || ElementHelper.areEqual((VertexProperty<?>) this, object);
  }

  @Override
  public int hashCode() {
    return ElementHelper.hashCode((Element) this);
  }

  @Override
  public String toString() {
    return StringFactory.propertyString(this);
  }
}
