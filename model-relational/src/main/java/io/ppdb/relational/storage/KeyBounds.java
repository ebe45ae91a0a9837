package io.ppdb.relational.storage;

import io.ppdb.kv.KeyRange;
import io.ppdb.kv.codec.KeyWriter;
import io.ppdb.relational.spi.ColumnComparison;
import io.ppdb.relational.spi.ColumnComparison.Operator;
import io.ppdb.relational.spi.Operand;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What comparisons that all hold say about a key: the values of its first elements, one or several
 * of each, then perhaps bounds of the next one.
 *
 * <p>Immutable; ranges of keys are made when a scan opens and its operands are known.
 */
final class KeyBounds {
  /** Lists of values are combined with each other as long as there are no more keys than these. */
  static final int MAX_COMBINED_VALUES = 1000;

  /** How many elements an array has of which nothing is known; PostgreSQL's guess. */
  static final double UNKNOWN_ELEMENTS = 10;

  private final KeyElements elements;
  private final List<Step> steps = new ArrayList<>();
  private final boolean isSimple;

  /**
   * What is known of one element.
   *
   * @param values the values it may have; null for the last step, if it has bounds only
   * @param bounds further comparisons, with one value each
   */
  private record Step(@Nullable ColumnComparison values, List<ColumnComparison> bounds) {
    boolean isSingle() {
      return values != null && !isList(values);
    }
  }

  KeyBounds(KeyElements elements, List<ColumnComparison> comparisons) {
    this.elements = elements;
    long keyCount = 1;
    for (int i = 0; i < elements.count(); i++) {
      Step step = step(comparisons, elements.ordinal(i), keyCount);
      if (step.values == null && step.bounds.isEmpty()) {
        break;
      }
      steps.add(step);
      if (step.values == null) {
        break;
      }
      keyCount *= maxCount(step.values);
    }
    this.isSimple = steps.stream().allMatch(step -> step.isSingle() && step.bounds.isEmpty());
  }

  private static Step step(List<ColumnComparison> comparisons, int ordinal, long keyCount) {
    ColumnComparison one = null;
    ColumnComparison list = null;
    for (ColumnComparison comparison : comparisons) {
      if (comparison.ordinal() != ordinal) {
        continue;
      }
      if (one == null && isValue(comparison)) {
        one = comparison;
      } else if (list == null
          && isList(comparison)
          && (keyCount == 1 || keyCount * maxCount(comparison) <= MAX_COMBINED_VALUES)) {
        list = comparison;
      }
    }
    ColumnComparison values = one == null ? list : one;
    List<ColumnComparison> bounds = new ArrayList<>();
    for (ColumnComparison comparison : comparisons) {
      if (comparison.ordinal() == ordinal && !comparison.equals(values) && isBound(comparison)) {
        bounds.add(comparison);
      }
    }
    return new Step(values, bounds);
  }

  private static boolean isValue(ColumnComparison comparison) {
    return comparison.operator() == Operator.EQUAL || comparison.operator() == Operator.IS_NULL;
  }

  private static boolean isList(ColumnComparison comparison) {
    return comparison.operator() == Operator.IN || comparison.operator() == Operator.ANY;
  }

  private static boolean isBound(ColumnComparison comparison) {
    return switch (comparison.operator()) {
      case EQUAL, LESS, LESS_OR_EQUAL, GREATER, GREATER_OR_EQUAL -> true;
      case IN, ANY, IS_NULL, IS_NOT_NULL -> false;
    };
  }

  /** How many values there may be, for the limit: an array may be of any length. */
  private static long maxCount(ColumnComparison values) {
    return values.operator() == Operator.ANY
        ? MAX_COMBINED_VALUES
        : Math.max(1, values.operands().size());
  }

  /** The comparisons that the ranges check completely; the others are not looked at. */
  List<ColumnComparison> used() {
    List<ColumnComparison> used = new ArrayList<>();
    for (Step step : steps) {
      if (step.values != null) {
        used.add(step.values);
      }
      used.addAll(step.bounds);
    }
    return used;
  }

  boolean uses(ColumnComparison comparison) {
    return used().contains(comparison);
  }

  boolean isEmpty() {
    return steps.isEmpty();
  }

  /** The comparison that gives the element at {@code place} its only value, or null. */
  @Nullable ColumnComparison valueAt(int place) {
    return place < steps.size() && steps.get(place).isSingle() ? steps.get(place).values : null;
  }

  /** How many of the first elements have one value, or one of several. */
  int valueCount() {
    return (int) steps.stream().filter(step -> step.values != null).count();
  }

  /** About how many combinations of values the first elements have, at least 1. */
  double combinationCount() {
    double count = 1;
    for (Step step : steps) {
      if (step.values != null) {
        count *= Math.max(1, estimatedCount(step.values));
      }
    }
    return count;
  }

  private static double estimatedCount(ColumnComparison values) {
    if (values.operator() != Operator.ANY) {
      return values.operands().size();
    }
    return values.operand().constant() instanceof List<?> list ? list.size() : UNKNOWN_ELEMENTS;
  }

  /** The bounds behind the values; empty if there are none. */
  List<ColumnComparison> rangeBounds() {
    Step last = steps.isEmpty() ? null : steps.get(steps.size() - 1);
    return last == null || last.values != null ? List.of() : last.bounds;
  }

  /** Whether every element has one of several values: keys, not ranges. */
  boolean isPoint() {
    return valueCount() == elements.count()
        && steps.stream()
            .allMatch(step -> step.values != null && step.values.operator() != Operator.IS_NULL);
  }

  /** Whether all operands are known before execution. */
  boolean isConstant() {
    return used().stream()
        .flatMap(comparison -> comparison.operands().stream())
        .allMatch(operand -> operand.constant() != null);
  }

  /** Adds the ranges below {@code prefix}, in no order; none if an operand is NULL. */
  void addRanges(
      byte[] prefix, Function<Operand, @Nullable Object> valueOf, List<KeyRange> ranges) {
    KeyWriter writer = new KeyWriter().addEncoded(prefix, 0, prefix.length);
    if (isSimple) {
      if (addValues(writer, valueOf)) {
        ranges.add(writer.toPrefixRange());
      }
    } else {
      add(0, writer, valueOf, ranges, null);
    }
  }

  /** Adds the keys below {@code prefix} of what {@link #isPoint}, in no order. */
  void addKeys(byte[] prefix, Function<Operand, @Nullable Object> valueOf, List<byte[]> keys) {
    KeyWriter writer = new KeyWriter().addEncoded(prefix, 0, prefix.length);
    if (isSimple) {
      if (addValues(writer, valueOf)) {
        keys.add(writer.toByteArray());
      }
    } else {
      add(0, writer, valueOf, null, keys);
    }
  }

  /** Adds the only values there are; false if one is NULL, which equals nothing. */
  private boolean addValues(KeyWriter writer, Function<Operand, @Nullable Object> valueOf) {
    for (int i = 0; i < steps.size(); i++) {
      ColumnComparison values = steps.get(i).values;
      if (values == null || values.operator() == Operator.IS_NULL) {
        elements.addNull(writer, i);
        continue;
      }
      Object value = valueOf.apply(values.operand());
      if (value == null) {
        return false;
      }
      elements.add(writer, i, value);
    }
    return true;
  }

  /** Adds to one of two lists what the steps from {@code place} on make of a prefix. */
  private void add(
      int place,
      KeyWriter writer,
      Function<Operand, @Nullable Object> valueOf,
      @Nullable List<KeyRange> ranges,
      @Nullable List<byte[]> keys) {
    if (place == steps.size()) {
      if (ranges != null) {
        ranges.add(writer.toPrefixRange());
      }
      if (keys != null) {
        keys.add(writer.toByteArray());
      }
      return;
    }
    Step step = steps.get(place);
    int length = writer.length();
    KeyRange range = step.bounds.isEmpty() ? null : range(step.bounds, place, writer, valueOf);
    if (range != null && range.isEmpty()) {
      return;
    }
    ColumnComparison values = step.values;
    if (values == null) {
      if (ranges != null && range != null) {
        ranges.add(range);
      }
      return;
    }
    if (values.operator() == Operator.IS_NULL) {
      if (range == null) {
        elements.addNull(writer.truncate(length), place);
        add(place + 1, writer, valueOf, ranges, keys);
      }
      return;
    }
    for (Object value : values(values, valueOf)) {
      elements.add(writer.truncate(length), place, value);
      if (range == null || range.contains(writer.toByteArray())) {
        add(place + 1, writer, valueOf, ranges, keys);
      }
    }
  }

  /** The values that are not NULL. */
  private static List<Object> values(
      ColumnComparison comparison, Function<Operand, @Nullable Object> valueOf) {
    List<Object> values = new ArrayList<>();
    for (Operand operand : comparison.operands()) {
      Object value = valueOf.apply(operand);
      if (comparison.operator() == Operator.ANY && value instanceof List<?> list) {
        for (Object element : list) {
          if (element != null) {
            values.add(element);
          }
        }
      } else if (value != null) {
        values.add(value);
      }
    }
    return values;
  }

  /** The values of an element that meet all of {@code bounds}, behind what is written. */
  private KeyRange range(
      List<ColumnComparison> bounds,
      int element,
      KeyWriter writer,
      Function<Operand, @Nullable Object> valueOf) {
    byte[] whole = writer.toByteArray();
    boolean descending = elements.isDescending(element);
    elements.addNull(writer, element);
    byte[] nulls = writer.toByteArray();
    // NULLs stand last ascending and first descending; no comparison is true of them.
    byte @Nullable [] start = descending ? KeyRange.afterPrefix(nulls) : whole;
    byte @Nullable [] end = descending ? KeyRange.afterPrefix(whole) : nulls;
    for (ColumnComparison bound : bounds) {
      Object value = valueOf.apply(bound.operand());
      if (value == null) {
        return KeyRange.of(whole, whole);
      }
      elements.add(writer.truncate(whole.length), element, value);
      byte[] low = writer.toByteArray();
      byte @Nullable [] high = KeyRange.afterPrefix(low);
      switch (bound.operator()) {
        case EQUAL -> {
          start = later(start, low);
          end = earlier(end, high);
        }
        case GREATER, LESS -> {
          if ((bound.operator() == Operator.GREATER) != descending) {
            start = later(start, high);
          } else {
            end = earlier(end, low);
          }
        }
        default -> {
          if ((bound.operator() == Operator.GREATER_OR_EQUAL) != descending) {
            start = later(start, low);
          } else {
            end = earlier(end, high);
          }
        }
      }
    }
    return start == null ? KeyRange.of(whole, whole) : KeyRange.between(start, end);
  }

  /** The later of two starts; null is behind all keys. */
  private static byte @Nullable [] later(byte @Nullable [] first, byte @Nullable [] second) {
    if (first == null || second == null) {
      return null;
    }
    return Arrays.compareUnsigned(first, second) < 0 ? second : first;
  }

  /** The earlier of two ends; null is no end. */
  private static byte @Nullable [] earlier(byte @Nullable [] first, byte @Nullable [] second) {
    if (first == null || second == null) {
      return first == null ? second : first;
    }
    return Arrays.compareUnsigned(first, second) < 0 ? first : second;
  }
}
