package io.ppdb.graph;

import io.ppdb.graph.storage.EdgeEnds;
import io.ppdb.graph.storage.EdgeProperties;
import io.ppdb.graph.storage.ElementKind;
import io.ppdb.graph.storage.GraphSession;
import io.ppdb.graph.storage.NameKind;
import io.ppdb.graph.storage.PropertyCursor;
import io.ppdb.graph.storage.VertexRecord;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import org.apache.tinkerpop.gremlin.structure.Direction;
import org.apache.tinkerpop.gremlin.structure.Edge;
import org.apache.tinkerpop.gremlin.structure.Graph;
import org.apache.tinkerpop.gremlin.structure.Property;
import org.apache.tinkerpop.gremlin.structure.T;
import org.apache.tinkerpop.gremlin.structure.Vertex;
import org.apache.tinkerpop.gremlin.structure.VertexProperty;
import org.apache.tinkerpop.gremlin.structure.util.ElementHelper;
import org.apache.tinkerpop.gremlin.structure.util.StringFactory;
import org.jspecify.annotations.Nullable;

/** A vertex. Its label and properties are read when they are first asked for. */
public final class PpdbVertex extends PpdbElement implements Vertex {
  /** What was read, when. Replaced as a whole: threads may race for it. */
  private record Loaded(GraphSession session, long stamp, VertexRecord record) {}

  private @Nullable Loaded loaded;

  PpdbVertex(PpdbGraph graph, long id) {
    super(graph, id);
  }

  /** A vertex that has just been read or written in {@code session}. */
  PpdbVertex(PpdbGraph graph, long id, GraphSession session, VertexRecord record) {
    super(graph, id);
    loaded = new Loaded(session, session.writeStamp(), record);
  }

  @Override
  public String label() {
    Loaded last = loaded;
    // The label of a vertex never changes: what was read once is good after its removal as well.
    int labelId = last != null ? last.record.labelId() : require().labelId();
    return graph.store().names().name(NameKind.VERTEX_LABEL, labelId);
  }

  @Override
  public Edge addEdge(String label, Vertex inVertex, Object... keyValues) {
    if (inVertex == null) {
      throw Graph.Exceptions.argumentCanNotBeNull("vertex");
    }
    ElementHelper.validateLabel(label);
    ElementHelper.legalPropertyKeyValueArray(keyValues);
    if (ElementHelper.getIdValue(keyValues).isPresent()) {
      throw Edge.Exceptions.userSuppliedIdsNotSupported();
    }
    GraphSession session = session();
    require();
    long inId = graph.vertexId(inVertex);
    PpdbVertex target =
        inVertex instanceof PpdbVertex own && own.graph == graph
            ? own
            : new PpdbVertex(graph, inId);
    target.require();
    int labelId = session.names().intern(NameKind.EDGE_LABEL, label);
    byte[] properties = GraphSession.NO_PROPERTIES;
    for (int i = 0; i < keyValues.length; i += 2) {
      Object value = keyValues[i + 1];
      if (!keyValues[i].equals(T.label) && value != null) {
        int keyId = graph.checkProperty(ElementKind.EDGE, labelId, (String) keyValues[i], value);
        properties = EdgeProperties.with(properties, keyId, value);
      }
    }
    EdgeEnds ends = session.addEdge(id, labelId, inId, properties);
    return new PpdbEdge(graph, ends, session, properties);
  }

  @Override
  public <V> VertexProperty<V> property(String key) {
    VertexRecord record = find();
    int keyId = graph.findKey(key);
    if (record == null) {
      return VertexProperty.empty();
    }
    PropertyCursor cursor = record.properties();
    if (!cursor.next(keyId)) {
      return VertexProperty.empty();
    }
    PpdbVertexProperty<V> property = new PpdbVertexProperty<>(this, keyId, key, cursor);
    if (cursor.next(keyId)) {
      throw Vertex.Exceptions.multiplePropertiesExistForProvidedKey(key);
    }
    return property;
  }

  @Override
  public <V> VertexProperty<V> property(
      VertexProperty.@Nullable Cardinality wantedCardinality,
      String key,
      @Nullable V value,
      @Nullable Object... keyValues) {
    VertexRecord before = require();
    ElementHelper.legalPropertyKeyValueArray(keyValues);
    ElementHelper.validateProperty(key, value);
    if (ElementHelper.getIdValue(keyValues).isPresent()) {
      throw VertexProperty.Exceptions.userSuppliedIdsNotSupported();
    }
    VertexProperty.Cardinality cardinality =
        wantedCardinality != null
            ? wantedCardinality
            : graph.features().vertex().getCardinality(key);
    boolean single = cardinality == VertexProperty.Cardinality.single;
    if (value == null) {
      if (single) {
        properties(key).forEachRemaining(Property::remove);
      }
      return VertexProperty.empty();
    }
    int keyId = graph.checkProperty(ElementKind.VERTEX, before.labelId(), key, value);
    PpdbVertexProperty<V> same =
        cardinality == VertexProperty.Cardinality.set ? withValue(before, keyId, key, value) : null;
    if (same != null) {
      ElementHelper.attachProperties(same, keyValues);
      return same;
    }
    byte[] meta = meta(keyValues);
    int ordinal = before.nextOrdinal();
    VertexRecord rest = single && before.hasProperty(keyId) ? before.without(keyId) : before;
    store(before, rest.plus(keyId, value, meta));
    return new PpdbVertexProperty<>(this, keyId, key, ordinal, value);
  }

  @Override
  public <V> Iterator<VertexProperty<V>> properties(String... propertyKeys) {
    VertexRecord record = find();
    if (record == null) {
      return Collections.emptyIterator();
    }
    int[] keyIds = keyIds(propertyKeys);
    List<VertexProperty<V>> properties = new ArrayList<>();
    PropertyCursor cursor = record.properties();
    while (cursor.next()) {
      int keyId = cursor.keyId();
      if (propertyKeys.length == 0 || Arrays.binarySearch(keyIds, keyId) >= 0) {
        properties.add(new PpdbVertexProperty<>(this, keyId, keyName(keyId), cursor));
      }
    }
    return properties.iterator();
  }

  @Override
  public Iterator<Edge> edges(Direction direction, String... edgeLabels) {
    return graph.edgesOf(this, direction, graph.edgeLabelIds(edgeLabels));
  }

  @Override
  public Iterator<Vertex> vertices(Direction direction, String... edgeLabels) {
    return graph.neighboursOf(this, direction, graph.edgeLabelIds(edgeLabels));
  }

  @Override
  public void remove() {
    VertexRecord record = find();
    if (record != null) {
      session().removeVertex(id, record);
    }
  }

  @Override
  public String toString() {
    return StringFactory.vertexString(this);
  }

  /** This vertex as the current transaction sees it; null if it is not there. */
  @Nullable VertexRecord find() {
    GraphSession session = session();
    Loaded last = loaded;
    if (last != null && last.session == session && last.stamp == session.writeStamp()) {
      return last.record;
    }
    VertexRecord record = session.vertex(id);
    if (record != null) {
      loaded = new Loaded(session, session.writeStamp(), record);
    }
    return record;
  }

  VertexRecord require() {
    VertexRecord record = find();
    if (record == null) {
      throw elementAlreadyRemoved(id);
    }
    return record;
  }

  void store(VertexRecord before, VertexRecord after) {
    GraphSession session = session();
    session.updateVertex(id, before, after);
    loaded = new Loaded(session, session.writeStamp(), after);
  }

  private <V> @Nullable PpdbVertexProperty<V> withValue(
      VertexRecord record, int keyId, String key, V value) {
    PropertyCursor cursor = record.properties();
    while (cursor.next(keyId)) {
      if (cursor.value().equals(value)) {
        return new PpdbVertexProperty<>(this, keyId, key, cursor);
      }
    }
    return null;
  }

  private byte[] meta(@Nullable Object[] keyValues) {
    byte[] meta = GraphSession.NO_PROPERTIES;
    for (int i = 0; i < keyValues.length; i += 2) {
      Object value = keyValues[i + 1];
      if (keyValues[i] instanceof String key && value != null) {
        meta = EdgeProperties.with(meta, graph.checkMetaProperty(key, value), value);
      }
    }
    return meta;
  }

  static IllegalStateException elementAlreadyRemoved(long id) {
    return new IllegalStateException("Vertex with id " + id + " was removed.");
  }
}
