package io.ppdb.graph.lang;

import io.ppdb.graph.storage.ValueType;
import java.util.EnumSet;
import java.util.Set;

/**
 * One column of the results of a traversal.
 *
 * @param name the key of a map-like result, or what the one value is called
 * @param type the type that all its values have had so far, or can be turned into
 */
public record GremlinColumn(String name, Type type) {
  /** The types of columns. */
  public enum Type {
    BOOLEAN,
    INTEGER,
    BIGINT,
    DOUBLE,
    DECIMAL,
    STRING,
    BYTES,
    UUID,
    DATE,
    TIME,
    TIMESTAMP,
    TIMESTAMPTZ;

    boolean isNumeric() {
      return this == INTEGER || this == BIGINT || this == DOUBLE || this == DECIMAL;
    }
  }

  /** The type that holds all values of the types in {@code bits}, which a schema remembers. */
  static Type typeOf(long bits) {
    Set<Type> types = EnumSet.noneOf(Type.class);
    for (ValueType type : ValueType.values()) {
      if ((bits & type.bit()) != 0) {
        types.add(typeOf(type));
      }
    }
    if (types.size() == 1) {
      return types.iterator().next();
    }
    if (types.isEmpty() || !types.stream().allMatch(Type::isNumeric)) {
      return Type.STRING;
    }
    if (types.contains(Type.DECIMAL)) {
      return Type.DECIMAL;
    }
    return types.contains(Type.DOUBLE) ? Type.DOUBLE : Type.BIGINT;
  }

  private static Type typeOf(ValueType type) {
    return switch (type) {
      case BOOLEAN -> Type.BOOLEAN;
      case BYTE, SHORT, INTEGER -> Type.INTEGER;
      case LONG -> Type.BIGINT;
      case FLOAT, DOUBLE -> Type.DOUBLE;
      case BIG_INTEGER, BIG_DECIMAL -> Type.DECIMAL;
      case UUID -> Type.UUID;
      case OFFSET_DATE_TIME, DATE, INSTANT -> Type.TIMESTAMPTZ;
      case LOCAL_DATE -> Type.DATE;
      case LOCAL_TIME -> Type.TIME;
      case LOCAL_DATE_TIME -> Type.TIMESTAMP;
      case BYTE_ARRAY -> Type.BYTES;
      default -> Type.STRING;
    };
  }
}
