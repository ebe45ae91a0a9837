package io.ppdb.graph;

import io.ppdb.graph.storage.EdgeEnds;
import io.ppdb.graph.storage.EdgeProperties;
import io.ppdb.graph.storage.ElementKind;
import io.ppdb.graph.storage.GraphSession;
import io.ppdb.graph.storage.NameKind;
import io.ppdb.graph.storage.PropertyCursor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import org.apache.tinkerpop.gremlin.structure.Direction;
import org.apache.tinkerpop.gremlin.structure.Edge;
import org.apache.tinkerpop.gremlin.structure.Property;
import org.apache.tinkerpop.gremlin.structure.Vertex;
import org.apache.tinkerpop.gremlin.structure.util.ElementHelper;
import org.apache.tinkerpop.gremlin.structure.util.StringFactory;
import org.apache.tinkerpop.gremlin.util.iterator.IteratorUtils;
import org.jspecify.annotations.Nullable;

/** An edge. Label and vertices are known from the start, properties are read when asked for. */
public final class PpdbEdge extends PpdbElement implements Edge, PropertyOwner {
  /** What was read, when. Replaced as a whole: threads may race for it. */
  private record Loaded(GraphSession session, long stamp, byte[] properties) {}

  private final EdgeEnds ends;
  private @Nullable Loaded loaded;

  PpdbEdge(PpdbGraph graph, EdgeEnds ends) {
    super(graph, ends.id());
    this.ends = ends;
  }

  /** An edge that has just been read or written in {@code session}. */
  PpdbEdge(PpdbGraph graph, EdgeEnds ends, GraphSession session, byte[] properties) {
    this(graph, ends);
    loaded = new Loaded(session, session.writeStamp(), properties);
  }

  /** Where this edge lies. */
  public EdgeEnds ends() {
    return ends;
  }

  @Override
  public String label() {
    return graph.store().names().name(NameKind.EDGE_LABEL, ends.labelId());
  }

  @Override
  public Iterator<Vertex> vertices(Direction direction) {
    return switch (direction) {
      case OUT -> IteratorUtils.of(outVertex());
      case IN -> IteratorUtils.of(inVertex());
      case BOTH -> IteratorUtils.of(outVertex(), inVertex());
    };
  }

  @Override
  public Vertex outVertex() {
    return new PpdbVertex(graph, ends.outId());
  }

  @Override
  public Vertex inVertex() {
    return new PpdbVertex(graph, ends.inId());
  }

  @Override
  public <V> Property<V> property(String key) {
    byte[] properties = find();
    if (properties == null) {
      return Property.empty();
    }
    PropertyCursor cursor = PropertyCursor.ofEdge(properties);
    return cursor.next(graph.findKey(key)) ? PpdbProperty.of(this, key, cursor) : Property.empty();
  }

  @Override
  public <V> Property<V> property(String key, @Nullable V value) {
    byte[] before = find();
    if (before == null) {
      throw new IllegalStateException("Edge with id " + id + " was removed.");
    }
    ElementHelper.validateProperty(key, value);
    if (value == null) {
      removeProperty(graph.findKey(key));
      return Property.empty();
    }
    int keyId = graph.checkProperty(ElementKind.EDGE, ends.labelId(), key, value);
    store(before, EdgeProperties.with(before, keyId, value));
    return new PpdbProperty<>(this, keyId, key, value);
  }

  @Override
  public <V> Iterator<Property<V>> properties(String... propertyKeys) {
    byte[] record = find();
    if (record == null) {
      return Collections.emptyIterator();
    }
    int[] keyIds = keyIds(propertyKeys);
    List<Property<V>> properties = new ArrayList<>();
    PropertyCursor cursor = PropertyCursor.ofEdge(record);
    while (cursor.next()) {
      int keyId = cursor.keyId();
      if (propertyKeys.length == 0 || Arrays.binarySearch(keyIds, keyId) >= 0) {
        properties.add(PpdbProperty.of(this, keyName(keyId), cursor));
      }
    }
    return properties.iterator();
  }

  @Override
  public void removeProperty(int keyId) {
    byte[] before = find();
    if (before != null && PropertyCursor.ofEdge(before).next(keyId)) {
      store(before, EdgeProperties.without(before, keyId));
    }
  }

  @Override
  public void remove() {
    session().removeEdge(ends);
  }

  @Override
  public String toString() {
    return StringFactory.edgeString(this);
  }

  private void store(byte[] before, byte[] after) {
    GraphSession session = session();
    session.updateEdge(ends, before, after);
    loaded = new Loaded(session, session.writeStamp(), after);
  }

  private byte @Nullable [] find() {
    GraphSession session = session();
    Loaded last = loaded;
    if (last != null && last.session == session && last.stamp == session.writeStamp()) {
      return last.properties;
    }
    byte[] properties = session.edgeProperties(ends);
    if (properties != null) {
      loaded = new Loaded(session, session.writeStamp(), properties);
    }
    return properties;
  }
}
