package io.ppdb.relational.planner;

import io.ppdb.relational.spi.Operand;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.OptionalInt;

/** How constants compare as SQL compares them. */
final class ConstantOrder {
  private ConstantOrder() {}

  /** Negative, 0 or positive; empty if a value is not known yet, or for types left out here. */
  static OptionalInt compare(Operand first, Operand second) {
    Object left = first.constant();
    Object right = second.constant();
    return left == null || right == null ? OptionalInt.empty() : compare(left, right);
  }

  private static OptionalInt compare(Object left, Object right) {
    if (left instanceof Number && right instanceof Number) {
      return isExact(left) && isExact(right)
          ? OptionalInt.of(
              new BigDecimal(left.toString()).compareTo(new BigDecimal(right.toString())))
          : OptionalInt.empty(); // a NaN is larger than all numbers, and has no decimal
    }
    if (left instanceof String text && right instanceof String other) {
      // By code points, as keys have it; Java compares surrogates.
      return OptionalInt.of(
          Arrays.compareUnsigned(
              text.getBytes(StandardCharsets.UTF_8), other.getBytes(StandardCharsets.UTF_8)));
    }
    if (left instanceof Boolean value && right instanceof Boolean other) {
      return OptionalInt.of(value.compareTo(other));
    }
    if (left instanceof LocalDate value && right instanceof LocalDate other) {
      return OptionalInt.of(value.compareTo(other));
    }
    if (left instanceof LocalTime value && right instanceof LocalTime other) {
      return OptionalInt.of(value.compareTo(other));
    }
    if (left instanceof LocalDateTime value && right instanceof LocalDateTime other) {
      return OptionalInt.of(value.compareTo(other));
    }
    if (left instanceof OffsetDateTime value && right instanceof OffsetDateTime other) {
      return OptionalInt.of(value.toInstant().compareTo(other.toInstant()));
    }
    return OptionalInt.empty();
  }

  private static boolean isExact(Object number) {
    return !(number instanceof Float) && !(number instanceof Double);
  }
}
