package io.ppdb.graph.storage;

import io.ppdb.kv.KeyRange;
import io.ppdb.kv.codec.KeyWriter;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What to read of an index.
 *
 * @param definition the index
 * @param ranges the ranges of its keys that hold the wanted elements, and perhaps others
 * @param exact whether the ranges hold the wanted elements only
 * @param single whether an element can occur in them once only
 */
public record IndexQuery(
    IndexDefinition definition, List<KeyRange> ranges, boolean exact, boolean single) {
  /** One end of a range of values. */
  public record Bound(Object value, boolean inclusive) {}

  private static final BigDecimal MIN_LONG = BigDecimal.valueOf(Long.MIN_VALUE);
  private static final BigDecimal MAX_LONG = BigDecimal.valueOf(Long.MAX_VALUE);
  private static final UUID MIN_UUID = new UUID(0, 0);
  private static final UUID MAX_UUID = new UUID(-1, -1);

  /** The elements with one of {@code values}, which are all indexable. */
  public static IndexQuery equalTo(GraphSession session, IndexDefinition index, List<?> values) {
    List<KeyRange> ranges = new ArrayList<>();
    boolean exact = true;
    for (Object value : values) {
      KeyWriter key = session.keys().index(index.id());
      IndexValues.write(key, value);
      KeyRange range = key.toPrefixRange();
      if (!ranges.contains(range)) {
        ranges.add(range);
      }
      exact &= IndexValues.isExact(value);
    }
    return new IndexQuery(index, ranges, exact, ranges.size() <= 1);
  }

  /** The elements whose value is a string that begins with {@code prefix}. */
  public static IndexQuery startingWith(
      GraphSession session, IndexDefinition index, String prefix) {
    byte[] whole = session.keys().index(index.id()).addString(prefix).toByteArray();
    // Without its terminator a string is what the longer ones begin with.
    byte[] open = Arrays.copyOf(whole, whole.length - 1);
    return new IndexQuery(index, List.of(KeyRange.prefix(open)), true, false);
  }

  /** The elements between two values, of which one may be missing; null if no index can tell. */
  public static @Nullable IndexQuery between(
      GraphSession session, IndexDefinition index, @Nullable Bound lower, @Nullable Bound upper) {
    Object sample = lower != null ? lower.value() : upper != null ? upper.value() : null;
    if (sample == null || (upper != null && !sameClass(sample, upper.value()))) {
      return null;
    }
    KeyWriter prefix = session.keys().index(index.id());
    int prefixLength = prefix.length();
    List<KeyRange> ranges = new ArrayList<>();
    if (sample instanceof Number) {
      addIntegral(ranges, prefix, prefixLength, lower, upper);
      addFractional(ranges, prefix, prefixLength, lower, upper);
      return new IndexQuery(index, ranges, false, false);
    }
    boolean isInstant = IndexValues.isInstant(sample);
    byte[] start;
    if (lower != null) {
      IndexValues.write(prefix.truncate(prefixLength), lower.value());
      // Rounded values on the bound itself are tested again.
      start = lower.inclusive() || isInstant ? prefix.toByteArray() : after(prefix);
    } else {
      start = least(prefix.truncate(prefixLength), sample).toByteArray();
    }
    byte @Nullable [] end;
    if (upper != null) {
      IndexValues.write(prefix.truncate(prefixLength), upper.value());
      end = upper.inclusive() || isInstant ? after(prefix) : prefix.toByteArray();
    } else {
      end = afterType(prefix.truncate(prefixLength), prefixLength, sample);
    }
    ranges.add(KeyRange.between(start, end));
    return new IndexQuery(index, ranges, !isInstant, false);
  }

  private static boolean sameClass(Object left, Object right) {
    return (left instanceof Number && right instanceof Number)
        || (IndexValues.isInstant(left) && IndexValues.isInstant(right))
        || left.getClass() == right.getClass();
  }

  private static void addIntegral(
      List<KeyRange> ranges,
      KeyWriter key,
      int prefixLength,
      @Nullable Bound lower,
      @Nullable Bound upper) {
    Long first = lower == null ? Long.valueOf(Long.MIN_VALUE) : firstLong(lower.value());
    Long last = upper == null ? Long.valueOf(Long.MAX_VALUE) : lastLong(upper.value());
    if (first != null && last != null && first <= last) {
      byte[] start = key.truncate(prefixLength).addLong(first).toByteArray();
      ranges.add(KeyRange.of(start, after(key.truncate(prefixLength).addLong(last))));
    }
  }

  private static void addFractional(
      List<KeyRange> ranges,
      KeyWriter key,
      int prefixLength,
      @Nullable Bound lower,
      @Nullable Bound upper) {
    double first =
        lower == null ? Double.NEGATIVE_INFINITY : ((Number) lower.value()).doubleValue();
    double last = upper == null ? Double.POSITIVE_INFINITY : ((Number) upper.value()).doubleValue();
    if (first <= last) {
      byte[] start = key.truncate(prefixLength).addDouble(first).toByteArray();
      ranges.add(KeyRange.of(start, after(key.truncate(prefixLength).addDouble(last))));
    }
  }

  /** The least long not below {@code value}; null if there is none. */
  private static @Nullable Long firstLong(Object value) {
    if (isInfinite(value)) {
      return ((Number) value).doubleValue() < 0 ? Long.valueOf(Long.MIN_VALUE) : null;
    }
    BigDecimal ceiling = toDecimal(value).setScale(0, RoundingMode.CEILING);
    return ceiling.compareTo(MAX_LONG) > 0 ? null : ceiling.max(MIN_LONG).longValue();
  }

  private static @Nullable Long lastLong(Object value) {
    if (isInfinite(value)) {
      return ((Number) value).doubleValue() > 0 ? Long.valueOf(Long.MAX_VALUE) : null;
    }
    BigDecimal floor = toDecimal(value).setScale(0, RoundingMode.FLOOR);
    return floor.compareTo(MIN_LONG) < 0 ? null : floor.min(MAX_LONG).longValue();
  }

  private static boolean isInfinite(Object value) {
    return (value instanceof Double || value instanceof Float)
        && Double.isInfinite(((Number) value).doubleValue());
  }

  private static BigDecimal toDecimal(Object value) {
    if (value instanceof BigDecimal decimal) {
      return decimal;
    }
    if (value instanceof BigInteger integer) {
      return new BigDecimal(integer);
    }
    return value instanceof Double || value instanceof Float
        ? new BigDecimal(((Number) value).doubleValue())
        : BigDecimal.valueOf(((Number) value).longValue());
  }

  private static KeyWriter least(KeyWriter key, Object sample) {
    if (sample instanceof String) {
      return key.addString("");
    }
    if (sample instanceof Boolean) {
      return key.addBoolean(false);
    }
    return sample instanceof UUID ? key.addUuid(MIN_UUID) : key.addTimestampTz(Long.MIN_VALUE);
  }

  /** The least key after all values of the type of {@code sample}. */
  private static byte @Nullable [] afterType(KeyWriter key, int prefixLength, Object sample) {
    if (sample instanceof String) {
      // The tag is one byte, and strings are all that begins with it.
      byte[] shortest = key.addString("").toByteArray();
      return KeyRange.afterPrefix(Arrays.copyOf(shortest, prefixLength + 1));
    }
    if (sample instanceof Boolean) {
      return after(key.addBoolean(true));
    }
    return after(
        sample instanceof UUID ? key.addUuid(MAX_UUID) : key.addTimestampTz(Long.MAX_VALUE));
  }

  private static byte[] after(KeyWriter key) {
    byte[] end = KeyRange.afterPrefix(key.toByteArray());
    if (end == null) {
      throw new AssertionError("a key of the graph has a successor");
    }
    return end;
  }
}
