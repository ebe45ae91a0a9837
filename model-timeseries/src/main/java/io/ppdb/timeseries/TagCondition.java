package io.ppdb.timeseries;

import io.ppdb.relational.exec.ExecutionContext;
import io.ppdb.relational.spi.ColumnComparison;
import io.ppdb.relational.spi.Operand;
import io.ppdb.timeseries.segment.Dictionary;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A condition on a tag, with the values of one execution; judged once for each dictionary entry.
 *
 * @param column the tag's ordinal
 * @param values UTF-8 of the operands that are not NULL
 */
record TagCondition(int column, ColumnComparison.Operator operator, List<byte[]> values) {
  /** The condition that {@code comparison} is in an execution. */
  static TagCondition of(ColumnComparison comparison, ExecutionContext context) {
    List<byte[]> values = new ArrayList<>();
    for (Operand operand : comparison.operands()) {
      Object value = operand.value(context);
      if (value != null) {
        values.add(value.toString().getBytes(StandardCharsets.UTF_8));
      }
    }
    return new TagCondition(comparison.ordinal(), comparison.operator(), values);
  }

  /** Whether the condition holds for NULL. */
  boolean holdsForNull() {
    return operator == ColumnComparison.Operator.IS_NULL;
  }

  /**
   * The codes for which the condition holds.
   *
   * @param dictionary of a segment, or null if all rows hold NULL
   * @return null if it holds for no row of the segment
   */
  boolean @Nullable [] matches(@Nullable Dictionary dictionary) {
    if (dictionary == null) {
      return holdsForNull() ? new boolean[0] : null;
    }
    boolean[] matches = new boolean[dictionary.entryCount()];
    boolean any = holdsForNull() && dictionary.hasNulls();
    switch (operator) {
      case EQUAL, IN -> {
        for (byte[] value : values) {
          int code = dictionary.find(value);
          if (code >= 0) {
            matches[code] = true;
            any = true;
          }
        }
      }
      case IS_NULL -> {}
      default -> {
        for (int code = 0; code < matches.length; code++) {
          matches[code] = holdsFor(dictionary, code);
          any |= matches[code];
        }
      }
    }
    return any ? matches : null;
  }

  private boolean holdsFor(Dictionary dictionary, int code) {
    if (operator == ColumnComparison.Operator.IS_NOT_NULL) {
      return true;
    }
    if (values.isEmpty()) {
      return false; // compared with NULL
    }
    int order = dictionary.compare(code, values.get(0));
    return switch (operator) {
      case LESS -> order < 0;
      case LESS_OR_EQUAL -> order <= 0;
      case GREATER -> order > 0;
      case GREATER_OR_EQUAL -> order >= 0;
      default -> throw new IllegalStateException(operator.toString());
    };
  }
}
