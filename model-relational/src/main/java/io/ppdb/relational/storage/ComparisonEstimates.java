package io.ppdb.relational.storage;

import io.ppdb.kv.codec.KeyWriter;
import io.ppdb.relational.catalog.ColumnDefinition;
import io.ppdb.relational.catalog.TableDefinition;
import io.ppdb.relational.spi.ColumnComparison;
import io.ppdb.relational.spi.ColumnComparison.Operator;
import io.ppdb.relational.spi.Operand;
import io.ppdb.relational.statistics.ColumnStatistics;
import io.ppdb.relational.statistics.SampleValue;
import io.ppdb.relational.statistics.TableStatistics;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Which part of a table's rows a comparison of one column leaves, as statistics tell. */
public final class ComparisonEstimates {
  private final TableDefinition table;
  private final TableStatistics statistics;

  public ComparisonEstimates(TableDefinition table, TableStatistics statistics) {
    this.table = table;
    this.statistics = statistics;
  }

  /** What is known of a column of the table, or null. */
  public @Nullable ColumnStatistics column(int ordinal) {
    if (ordinal < 0 || ordinal >= table.columns().size()) {
      return null; // a locator or an expression
    }
    ColumnDefinition column = table.column(ordinal);
    return statistics.column(column.name(), column.type().kind().name());
  }

  /** The part of the rows that meet {@code comparison}, or {@code guess} if nothing is known. */
  public double fraction(ColumnComparison comparison, double guess) {
    ColumnStatistics column = column(comparison.ordinal());
    if (column == null) {
      return guess;
    }
    return switch (comparison.operator()) {
      case IS_NULL -> column.nullFraction();
      case IS_NOT_NULL -> 1 - column.nullFraction();
      case EQUAL -> equal(column, comparison.ordinal(), comparison.operand());
      case IN -> {
        double sum = 0;
        for (Operand operand : comparison.operands()) {
          sum += equal(column, comparison.ordinal(), operand);
        }
        yield Math.min(1 - column.nullFraction(), sum);
      }
      case ANY -> Math.min(1 - column.nullFraction(), any(column, comparison));
      case GREATER, GREATER_OR_EQUAL -> range(comparison, null, guess);
      case LESS, LESS_OR_EQUAL -> range(null, comparison, guess);
    };
  }

  private double any(ColumnStatistics column, ColumnComparison comparison) {
    if (!(comparison.operand().constant() instanceof List<?> elements)) {
      return KeyBounds.UNKNOWN_ELEMENTS * column.equalFraction();
    }
    double sum = 0;
    for (Object element : elements) {
      sum += element == null ? 0 : column.equalFraction(value(comparison.ordinal(), element));
    }
    return sum;
  }

  private double equal(ColumnStatistics column, int ordinal, Operand operand) {
    SampleValue value = value(ordinal, operand);
    return value == null ? column.equalFraction() : column.equalFraction(value);
  }

  /**
   * The part of the rows between two bounds of one column, either of which may be missing; or
   * {@code guess} if nothing is known of the column or a bound.
   */
  public double range(
      @Nullable ColumnComparison lower, @Nullable ColumnComparison upper, double guess) {
    ColumnComparison any = lower == null ? upper : lower;
    ColumnStatistics column = any == null ? null : column(any.ordinal());
    if (column == null) {
      return guess;
    }
    SampleValue low = lower == null ? null : value(lower.ordinal(), lower.operand());
    SampleValue high = upper == null ? null : value(upper.ordinal(), upper.operand());
    if ((lower != null && low == null) || (upper != null && high == null)) {
      return guess;
    }
    return column.rangeFraction(
        low,
        lower != null && lower.operator() == Operator.GREATER_OR_EQUAL,
        high,
        upper != null && upper.operator() == Operator.LESS_OR_EQUAL);
  }

  /** The part of the rows whose text begins with {@code prefix}, or {@code guess}. */
  public double startsWith(int ordinal, String prefix, double guess) {
    ColumnStatistics column = column(ordinal);
    if (column == null || prefix.isEmpty()) {
      return guess;
    }
    SampleValue low = value(ordinal, prefix);
    SampleValue high = value(ordinal, prefix + Character.toString(Character.MAX_CODE_POINT));
    return column.rangeFraction(low, true, high, true);
  }

  private @Nullable SampleValue value(int ordinal, Operand operand) {
    Object constant = operand.constant();
    return constant == null ? null : value(ordinal, constant);
  }

  private SampleValue value(int ordinal, Object constant) {
    KeyWriter writer = new KeyWriter();
    KeyColumns.addObject(writer, table.column(ordinal).type(), constant);
    return SampleValue.of(writer.array(), 0, writer.length());
  }
}
