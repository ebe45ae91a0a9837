package io.ppdb.relational.storage;

import io.ppdb.kv.KeyRange;
import io.ppdb.kv.codec.KeyWriter;
import io.ppdb.relational.catalog.IndexDefinition;
import io.ppdb.relational.catalog.IndexExpression;
import io.ppdb.relational.catalog.TableDefinition;
import io.ppdb.relational.exec.ExecutionContext;
import io.ppdb.relational.spi.ColumnComparison;
import io.ppdb.relational.spi.ColumnComparison.Operator;
import io.ppdb.relational.spi.Conjunct;
import io.ppdb.relational.spi.Operand;
import io.ppdb.relational.type.ColumnType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What a list of conjuncts says about the keys of a row range or an index: equalities on its first
 * columns, then perhaps one IN list or one range.
 *
 * <p>Immutable; the ranges themselves are made when a scan opens and its operands are known.
 */
final class KeyCondition {
  private final TableDefinition table;
  private final List<IndexDefinition.Column> columns;

  /** Comparisons of the first columns: EQUAL, or IS_NULL. */
  private final List<ColumnComparison> equalities = new ArrayList<>();

  private @Nullable ColumnComparison in;
  private @Nullable ColumnComparison lower;
  private @Nullable ColumnComparison upper;
  private final List<Conjunct> taken = new ArrayList<>();

  /** Matches {@code conjuncts} with the columns of a key. */
  KeyCondition(
      TableDefinition table, List<IndexDefinition.Column> columns, List<Conjunct> conjuncts) {
    this.table = table;
    this.columns = columns;
    for (IndexDefinition.Column column : columns) {
      if (!takeEquality(conjuncts, column.ordinal())) {
        takeRange(conjuncts, column.ordinal());
        break;
      }
    }
  }

  private boolean takeEquality(List<Conjunct> conjuncts, int ordinal) {
    for (Conjunct conjunct : conjuncts) {
      ColumnComparison comparison = conjunct.comparison();
      if (comparison != null
          && comparison.ordinal() == ordinal
          && (comparison.operator() == Operator.EQUAL
              || comparison.operator() == Operator.IS_NULL)) {
        equalities.add(comparison);
        taken.add(conjunct);
        return true;
      }
    }
    return false;
  }

  private void takeRange(List<Conjunct> conjuncts, int ordinal) {
    for (Conjunct conjunct : conjuncts) {
      ColumnComparison comparison = conjunct.comparison();
      if (comparison == null || comparison.ordinal() != ordinal) {
        continue;
      }
      switch (comparison.operator()) {
        case IN -> {
          if (in == null && lower == null && upper == null) {
            in = comparison;
            taken.add(conjunct);
          }
        }
        case GREATER, GREATER_OR_EQUAL -> {
          if (in == null && lower == null) {
            lower = comparison;
            taken.add(conjunct);
          }
        }
        case LESS, LESS_OR_EQUAL -> {
          if (in == null && upper == null) {
            upper = comparison;
            taken.add(conjunct);
          }
        }
        default -> {
          // No range of keys.
        }
      }
    }
  }

  /** The conjuncts that the ranges check completely. */
  List<Conjunct> taken() {
    return taken;
  }

  boolean isEmpty() {
    return taken.isEmpty();
  }

  int equalityCount() {
    return equalities.size();
  }

  /** The comparison that bounds the column behind the equalities from below, or null. */
  @Nullable ColumnComparison lower() {
    return lower;
  }

  /** The comparison that bounds the column behind the equalities from above, or null. */
  @Nullable ColumnComparison upper() {
    return upper;
  }

  boolean hasRange() {
    return lower != null || upper != null;
  }

  /** How many values the IN list has; 0 if there is none. */
  int inCount() {
    return in == null ? 0 : in.operands().size();
  }

  /** Whether every column of the key has one value, or each of several: keys, not ranges. */
  boolean isPoint() {
    return equalities.size() + (in == null ? 0 : 1) == columns.size()
        && equalities.stream().allMatch(e -> e.operator() == Operator.EQUAL);
  }

  boolean hasNullTest() {
    return equalities.stream().anyMatch(e -> e.operator() == Operator.IS_NULL);
  }

  /** The ranges below {@code prefix}, ascending and disjoint; none if an operand is NULL. */
  List<KeyRange> ranges(byte[] prefix, ExecutionContext context) {
    List<KeyRange> result = ranges(prefix, operand -> operand.value(context));
    return result == null ? List.of() : result;
  }

  /** The keys below {@code prefix}, ascending, of a condition that {@link #isPoint}. */
  List<byte[]> keys(byte[] prefix, ExecutionContext context) {
    if (in != null) {
      return ranges(prefix, context).stream().map(KeyRange::start).toList();
    }
    KeyWriter writer = new KeyWriter().addEncoded(prefix, 0, prefix.length);
    return addEqualities(writer, operand -> operand.value(context))
        ? List.of(writer.toByteArray())
        : List.of();
  }

  /** The ranges if all operands are known before execution, else null. */
  @Nullable List<KeyRange> constantRanges(byte[] prefix) {
    boolean constant =
        taken.stream()
            .flatMap(conjunct -> operands(conjunct).stream())
            .allMatch(operand -> operand.constant() != null);
    return constant ? ranges(prefix, Operand::constant) : null;
  }

  private static List<Operand> operands(Conjunct conjunct) {
    ColumnComparison comparison = conjunct.comparison();
    return comparison == null ? List.of() : comparison.operands();
  }

  private @Nullable List<KeyRange> ranges(
      byte[] prefix, Function<Operand, @Nullable Object> valueOf) {
    KeyWriter writer = new KeyWriter().addEncoded(prefix, 0, prefix.length);
    if (!addEqualities(writer, valueOf)) {
      return null;
    }
    int next = equalities.size();
    if (in != null) {
      return points(writer, in, next, valueOf);
    }
    if (hasRange()) {
      KeyRange range = range(writer, next, valueOf);
      return range == null ? null : List.of(range);
    }
    return List.of(writer.toPrefixRange());
  }

  /** Adds the values of the first columns; returns false if one is NULL, which equals nothing. */
  private boolean addEqualities(KeyWriter writer, Function<Operand, @Nullable Object> valueOf) {
    for (int i = 0; i < equalities.size(); i++) {
      writer.order(KeyColumns.order(columns.get(i).descending()));
      ColumnComparison equality = equalities.get(i);
      if (equality.operator() == Operator.IS_NULL) {
        writer.addNull();
        continue;
      }
      Object value = valueOf.apply(equality.operand());
      if (value == null) {
        return false;
      }
      KeyColumns.addObject(writer, type(i), value);
    }
    return true;
  }

  private List<KeyRange> points(
      KeyWriter writer,
      ColumnComparison list,
      int column,
      Function<Operand, @Nullable Object> valueOf) {
    int length = writer.length();
    TreeSet<byte[]> prefixes = new TreeSet<>(Arrays::compareUnsigned);
    for (Operand operand : list.operands()) {
      Object value = valueOf.apply(operand);
      if (value != null) {
        writer.truncate(length).order(KeyColumns.order(columns.get(column).descending()));
        KeyColumns.addObject(writer, type(column), value);
        prefixes.add(writer.toByteArray());
      }
    }
    return prefixes.stream().map(KeyRange::prefix).toList();
  }

  private @Nullable KeyRange range(
      KeyWriter writer, int column, Function<Operand, @Nullable Object> valueOf) {
    byte[] whole = writer.toByteArray();
    boolean descending = columns.get(column).descending();
    byte[] nullElement =
        writer.truncate(whole.length).order(KeyColumns.order(descending)).addNull().toByteArray();
    byte[] low = null;
    byte[] high = null;
    if (lower != null) {
      low = bound(writer, whole.length, column, valueOf.apply(lower.operand()));
      if (low == null) {
        return null;
      }
    }
    if (upper != null) {
      high = bound(writer, whole.length, column, valueOf.apply(upper.operand()));
      if (high == null) {
        return null;
      }
    }
    boolean lowOpen = lower != null && lower.operator() == Operator.GREATER;
    boolean highOpen = upper != null && upper.operator() == Operator.LESS;
    // NULLs stand last ascending and first descending; no comparison is true of them.
    if (descending) {
      byte[] start =
          high == null
              ? KeyRange.afterPrefix(nullElement)
              : highOpen ? KeyRange.afterPrefix(high) : high;
      byte[] end =
          low == null ? KeyRange.afterPrefix(whole) : lowOpen ? low : KeyRange.afterPrefix(low);
      return start == null ? null : KeyRange.between(start, end);
    }
    byte[] start = low == null ? whole : lowOpen ? KeyRange.afterPrefix(low) : low;
    byte[] end = high == null ? nullElement : highOpen ? high : KeyRange.afterPrefix(high);
    return start == null ? null : KeyRange.between(start, end);
  }

  private byte @Nullable [] bound(
      KeyWriter writer, int length, int column, @Nullable Object value) {
    if (value == null) {
      return null;
    }
    writer.truncate(length).order(KeyColumns.order(columns.get(column).descending()));
    KeyColumns.addObject(writer, type(column), value);
    return writer.toByteArray();
  }

  private ColumnType type(int keyColumn) {
    IndexDefinition.Column column = columns.get(keyColumn);
    IndexExpression expression = column.expression();
    return expression == null ? table.column(column.ordinal()).type() : expression.type();
  }

  private String name(int ordinal) {
    for (IndexDefinition.Column column : columns) {
      if (column.ordinal() == ordinal) {
        return column.name(table);
      }
    }
    return table.column(ordinal).name();
  }

  /** The condition as EXPLAIN shows it, for instance {@code (country = 'US', id > 3)}. */
  @Override
  public String toString() {
    List<String> parts = new ArrayList<>();
    for (Conjunct conjunct : taken) {
      ColumnComparison comparison = conjunct.comparison();
      if (comparison != null) {
        parts.add(describe(comparison));
      }
    }
    return "(" + String.join(" AND ", parts) + ")";
  }

  private String describe(ColumnComparison comparison) {
    String text = name(comparison.ordinal()) + " " + comparison.operator().symbol();
    if (comparison.operands().isEmpty()) {
      return text;
    }
    List<String> values = new ArrayList<>();
    for (Operand operand : comparison.operands()) {
      values.add(operand.toString());
    }
    return comparison.operator() == Operator.IN
        ? text + " (" + String.join(", ", values) + ")"
        : text + " " + values.get(0);
  }
}
