package io.ppdb.graph.lang;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Date;
import java.util.List;
import java.util.Map;
import org.apache.tinkerpop.gremlin.structure.Property;
import org.apache.tinkerpop.gremlin.structure.T;
import org.apache.tinkerpop.gremlin.structure.util.CloseableIterator;
import org.jspecify.annotations.Nullable;

/** Results of a traversal as rows of the columns that were found for it. */
@SuppressWarnings("JavaUtilDate") // Dates are values that users store.
final class GremlinRows implements CloseableIterator<@Nullable Object[]> {
  private final List<GremlinColumn> columns;
  private final CloseableIterator<Object> results;

  GremlinRows(List<GremlinColumn> columns, CloseableIterator<Object> results) {
    this.columns = columns;
    this.results = results;
  }

  @Override
  public boolean hasNext() {
    return results.hasNext();
  }

  @Override
  public @Nullable Object[] next() {
    Object result = results.next();
    @Nullable Object[] row = new @Nullable Object[columns.size()];
    for (int i = 0; i < row.length; i++) {
      GremlinColumn column = columns.get(i);
      Object value =
          result instanceof Map<?, ?> map && (row.length > 1 || map.containsKey(column.name()))
              ? get(map, column.name())
              : result;
      row[i] = convert(value, column.type());
    }
    return row;
  }

  @Override
  public void close() {
    results.close();
  }

  private static @Nullable Object get(Map<?, ?> map, String name) {
    Object value = map.get(name);
    if (value == null && name.equals("id")) {
      value = map.get(T.id);
    } else if (value == null && name.equals("label")) {
      value = map.get(T.label);
    }
    // What valueMap() gives: a list for each key, of one value most times.
    return value instanceof List<?> list && list.size() == 1 ? list.get(0) : value;
  }

  /** {@code value} as the class of {@code type}; null if it has no such form. */
  static @Nullable Object convert(@Nullable Object value, GremlinColumn.Type type) {
    if (value == null || type.javaClass().isInstance(value)) {
      return value;
    }
    if (value instanceof Property<?> property && type != GremlinColumn.Type.STRING) {
      return property.isPresent() ? convert(property.value(), type) : null;
    }
    return switch (type) {
      case STRING -> value.toString();
      case INTEGER -> value instanceof Number number ? (Integer) number.intValue() : null;
      case BIGINT -> value instanceof Number number ? (Long) number.longValue() : null;
      case DOUBLE -> value instanceof Number number ? (Double) number.doubleValue() : null;
      case DECIMAL -> value instanceof Number number ? decimal(number) : null;
      case TIMESTAMPTZ -> instant(value);
      default -> null;
    };
  }

  private static BigDecimal decimal(Number number) {
    if (number instanceof BigInteger integer) {
      return new BigDecimal(integer);
    }
    return number instanceof Double || number instanceof Float
        ? BigDecimal.valueOf(number.doubleValue())
        : BigDecimal.valueOf(number.longValue());
  }

  private static @Nullable OffsetDateTime instant(Object value) {
    if (value instanceof Date date) {
      return Instant.ofEpochMilli(date.getTime()).atOffset(ZoneOffset.UTC);
    }
    return value instanceof Instant instant ? instant.atOffset(ZoneOffset.UTC) : null;
  }
}
