package io.ppdb.graph;

import io.ppdb.graph.storage.PropertyCursor;
import org.apache.tinkerpop.gremlin.structure.Element;
import org.apache.tinkerpop.gremlin.structure.Property;
import org.apache.tinkerpop.gremlin.structure.util.ElementHelper;
import org.apache.tinkerpop.gremlin.structure.util.StringFactory;
import org.jspecify.annotations.Nullable;

/** A property of an edge or of a vertex property: the value as it was read. */
public final class PpdbProperty<V> implements Property<V> {
  private final PropertyOwner owner;
  private final int keyId;
  private final String key;
  private final V value;

  PpdbProperty(PropertyOwner owner, int keyId, String key, V value) {
    this.owner = owner;
    this.keyId = keyId;
    this.key = key;
    this.value = value;
  }

  /** The property that {@code cursor} stands on. */
  @SuppressWarnings("unchecked") // The caller of TinkerPop's API chooses the type.
  static <V> PpdbProperty<V> of(PropertyOwner owner, String key, PropertyCursor cursor) {
    return new PpdbProperty<>(owner, cursor.keyId(), key, (V) cursor.value());
  }

  @Override
  public String key() {
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
  public Element element() {
    return owner;
  }

  @Override
  public void remove() {
    owner.removeProperty(keyId);
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

  @Override
  public String toString() {
    return StringFactory.propertyString(this);
  }
}
