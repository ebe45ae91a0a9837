package io.ppdb.relational.spi;

import java.util.List;
import org.apache.calcite.rex.RexNode;
import org.jspecify.annotations.Nullable;

/**
 * One of the conditions that a scan's rows have to meet.
 *
 * @param expression the condition; input references are ordinals of the table's columns
 * @param comparison the same as a comparison of one column with values that are known when the scan
 *     opens, or null if it is not of this form
 * @param alternatives if it is no single comparison, the ways in which it can hold: wherever it
 *     holds, one of them does; empty if not all of them are known to compare columns with values
 */
public record Conjunct(
    RexNode expression, @Nullable ColumnComparison comparison, List<Alternative> alternatives) {
  public Conjunct {
    alternatives = List.copyOf(alternatives);
  }

  /** A condition that holds in one way, or of which nothing more is known. */
  public Conjunct(RexNode expression, @Nullable ColumnComparison comparison) {
    this(expression, comparison, List.of());
  }

  /**
   * Comparisons that hold all, at least one.
   *
   * @param isComplete whether the condition holds wherever they do
   */
  public record Alternative(List<ColumnComparison> comparisons, boolean isComplete) {
    public Alternative {
      comparisons = List.copyOf(comparisons);
    }
  }
}
