package io.ppdb.server.gremlin;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.tinkerpop.gremlin.process.traversal.Path;
import org.apache.tinkerpop.gremlin.structure.Edge;
import org.apache.tinkerpop.gremlin.structure.Element;
import org.apache.tinkerpop.gremlin.structure.Property;
import org.apache.tinkerpop.gremlin.structure.Vertex;
import org.apache.tinkerpop.gremlin.structure.VertexProperty;
import org.jspecify.annotations.Nullable;

/**
 * Results of traversals as plain values: elements become maps, paths and collections lists, maps
 * maps with text keys. Numbers, text, booleans and times stay as they are.
 */
public final class GremlinValues {
  private GremlinValues() {}

  /** The plain form of {@code value}; its elements are read now, within their transaction. */
  public static @Nullable Object plain(@Nullable Object value) {
    if (value instanceof Vertex vertex) {
      Map<String, @Nullable Object> map = element(vertex);
      addProperties(vertex, map);
      return map;
    }
    if (value instanceof Edge edge) {
      Map<String, @Nullable Object> map = element(edge);
      map.put("outV", edge.outVertex().id());
      map.put("inV", edge.inVertex().id());
      addProperties(edge, map);
      return map;
    }
    if (value instanceof Property<?> property) {
      Map<String, @Nullable Object> map = new LinkedHashMap<>();
      map.put("key", property.key());
      map.put("value", plain(property.value()));
      if (property instanceof VertexProperty<?> vertexProperty) {
        addProperties(vertexProperty, map);
      }
      return map;
    }
    if (value instanceof Path path) {
      return list(path.objects());
    }
    if (value instanceof Map<?, ?> map) {
      Map<String, @Nullable Object> plain = new LinkedHashMap<>();
      map.forEach((key, each) -> plain.put(text(key), plain(each)));
      return plain;
    }
    if (value instanceof Map.Entry<?, ?> entry) {
      Map<String, @Nullable Object> plain = new LinkedHashMap<>();
      plain.put(text(entry.getKey()), plain(entry.getValue()));
      return plain;
    }
    if (value instanceof Iterable<?> values) {
      return list(values);
    }
    return value;
  }

  private static Map<String, @Nullable Object> element(Element element) {
    Map<String, @Nullable Object> map = new LinkedHashMap<>();
    map.put("id", element.id());
    map.put("label", element.label());
    return map;
  }

  /** Adds the properties; what occurs once as a value, what occurs more often as a list. */
  private static void addProperties(Element element, Map<String, @Nullable Object> map) {
    Map<String, List<@Nullable Object>> values = new LinkedHashMap<>();
    Iterator<? extends Property<Object>> properties = element.properties();
    while (properties.hasNext()) {
      Property<Object> property = properties.next();
      values.computeIfAbsent(property.key(), key -> new ArrayList<>()).add(plain(property.value()));
    }
    values.forEach((key, list) -> map.put(key, list.size() == 1 ? list.get(0) : list));
  }

  private static List<@Nullable Object> list(Iterable<?> values) {
    List<@Nullable Object> list = new ArrayList<>();
    for (Object each : values) {
      list.add(plain(each));
    }
    return list;
  }

  /** A key as text: an element by its id, anything else as it writes itself. */
  private static String text(@Nullable Object key) {
    return key instanceof Element element ? String.valueOf(element.id()) : String.valueOf(key);
  }
}
