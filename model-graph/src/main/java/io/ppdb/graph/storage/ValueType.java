package io.ppdb.graph.storage;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The types a property value can have, with their persistent tags (0 to 62).
 *
 * <p>The schema remembers the types seen as a set of bits, bit {@code tag} for each: {@link #bit}.
 */
public enum ValueType {
  /** Only within lists, sets and maps: a property always has a value. */
  NULL(0, null),
  BOOLEAN(1, Boolean.class),
  BYTE(2, Byte.class),
  SHORT(3, Short.class),
  INTEGER(4, Integer.class),
  LONG(5, Long.class),
  FLOAT(6, Float.class),
  DOUBLE(7, Double.class),
  STRING(8, String.class),
  CHARACTER(9, Character.class),
  UUID(10, UUID.class),
  BIG_INTEGER(11, BigInteger.class),
  BIG_DECIMAL(12, BigDecimal.class),
  OFFSET_DATE_TIME(16, OffsetDateTime.class),
  DATE(17, Date.class),
  INSTANT(18, Instant.class),
  LOCAL_DATE(19, LocalDate.class),
  LOCAL_TIME(20, LocalTime.class),
  LOCAL_DATE_TIME(21, LocalDateTime.class),
  DURATION(22, Duration.class),
  LIST(32, null),
  SET(33, null),
  MAP(34, null),
  BOOLEAN_ARRAY(40, boolean[].class),
  BYTE_ARRAY(41, byte[].class),
  SHORT_ARRAY(42, short[].class),
  INTEGER_ARRAY(43, int[].class),
  LONG_ARRAY(44, long[].class),
  FLOAT_ARRAY(45, float[].class),
  DOUBLE_ARRAY(46, double[].class),
  CHARACTER_ARRAY(47, char[].class),
  STRING_ARRAY(48, String[].class);

  private static final int TAG_LIMIT = 63;
  private static final @Nullable ValueType[] BY_TAG = new @Nullable ValueType[TAG_LIMIT];
  private static final Map<Class<?>, ValueType> BY_CLASS = new HashMap<>();

  static {
    for (ValueType type : values()) {
      BY_TAG[type.tag] = type;
      if (type.javaClass != null) {
        BY_CLASS.put(type.javaClass, type);
      }
    }
  }

  private final int tag;
  private final @Nullable Class<?> javaClass;

  ValueType(int tag, @Nullable Class<?> javaClass) {
    this.tag = tag;
    this.javaClass = javaClass;
  }

  int tag() {
    return tag;
  }

  /** This type as a set of one, in the form the schema keeps. */
  public long bit() {
    return 1L << tag;
  }

  /** The type of {@code value}, null if it cannot be stored; elements are not looked at. */
  public static @Nullable ValueType of(@Nullable Object value) {
    if (value == null) {
      return NULL;
    }
    ValueType type = BY_CLASS.get(value.getClass());
    if (type != null) {
      return type;
    }
    if (value instanceof List) {
      return LIST;
    }
    if (value instanceof Set) {
      return SET;
    }
    if (value instanceof Map) {
      return MAP;
    }
    // Timestamps of JDBC and the like are dates as well.
    return value instanceof Date ? DATE : null;
  }

  static @Nullable ValueType ofTag(int tag) {
    return tag < TAG_LIMIT ? BY_TAG[tag] : null;
  }
}
