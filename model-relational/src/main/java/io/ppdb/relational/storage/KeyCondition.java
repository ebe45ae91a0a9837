package io.ppdb.relational.storage;

import io.ppdb.kv.KeyRange;
import io.ppdb.relational.catalog.IndexDefinition;
import io.ppdb.relational.catalog.TableDefinition;
import io.ppdb.relational.exec.ExecutionContext;
import io.ppdb.relational.spi.ColumnComparison;
import io.ppdb.relational.spi.ColumnComparison.Operator;
import io.ppdb.relational.spi.Conjunct;
import io.ppdb.relational.spi.Operand;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What a list of conjuncts says about the keys of a row range or an index: bounds of them, or the
 * union of several, one for each way in which the disjunctions among the conjuncts can hold.
 *
 * <p>Immutable; the ranges themselves are made when a scan opens and its operands are known.
 */
final class KeyCondition {
  private final KeyElements elements;

  /** At least one; keys are within one of them. */
  private final List<KeyBounds> branches;

  private final List<Conjunct> taken = new ArrayList<>();

  /** The comparisons that all branches use. */
  private final List<ColumnComparison> common;

  private final int equalityCount;

  /** One way in which conjuncts can hold. */
  private record Branch(List<ColumnComparison> comparisons, KeyBounds bounds) {}

  /** Matches {@code conjuncts} with the columns of a key. */
  KeyCondition(
      TableDefinition table, List<IndexDefinition.Column> columns, List<Conjunct> conjuncts) {
    this.elements = new KeyElements(table, columns);
    List<ColumnComparison> comparisons = new ArrayList<>();
    for (Conjunct conjunct : conjuncts) {
      if (conjunct.comparison() != null) {
        comparisons.add(conjunct.comparison());
      }
    }
    List<Branch> found = List.of(new Branch(comparisons, new KeyBounds(elements, comparisons)));
    List<Conjunct> disjunctions = new ArrayList<>();
    for (Conjunct conjunct : conjuncts) {
      List<Branch> more = branches(found, conjunct.alternatives());
      if (!more.isEmpty()) {
        found = more;
        disjunctions.add(conjunct);
      }
    }
    this.branches = found.stream().map(Branch::bounds).toList();
    this.common =
        branches.get(0).used().stream()
            .filter(comparison -> branches.stream().allMatch(each -> each.uses(comparison)))
            .toList();
    for (Conjunct conjunct : conjuncts) {
      ColumnComparison comparison = conjunct.comparison();
      boolean isTaken =
          comparison == null
              ? disjunctions.contains(conjunct) && isChecked(conjunct, found)
              : common.contains(comparison);
      if (isTaken) {
        taken.add(conjunct);
      }
    }
    int equalities = 0;
    ColumnComparison value;
    while ((value = branches.get(0).valueAt(equalities)) != null && common.contains(value)) {
      equalities++;
    }
    this.equalityCount = equalities;
  }

  /** {@code branches} for each of {@code alternatives}; empty if one of these does not matter. */
  private List<Branch> branches(List<Branch> branches, List<Conjunct.Alternative> alternatives) {
    List<Branch> result = new ArrayList<>();
    if ((long) branches.size() * alternatives.size() > KeyBounds.MAX_COMBINED_VALUES) {
      return result;
    }
    for (Branch branch : branches) {
      for (Conjunct.Alternative alternative : alternatives) {
        List<ColumnComparison> comparisons = new ArrayList<>(branch.comparisons);
        comparisons.addAll(alternative.comparisons());
        KeyBounds bounds = new KeyBounds(elements, comparisons);
        if (alternative.comparisons().stream().noneMatch(bounds::uses)) {
          return List.of();
        }
        result.add(new Branch(comparisons, bounds));
      }
    }
    return result;
  }

  /** Whether the ranges check a disjunction completely, in each branch by one alternative. */
  private static boolean isChecked(Conjunct disjunction, List<Branch> branches) {
    return branches.stream()
        .allMatch(
            branch -> {
              List<ColumnComparison> used = branch.bounds.used();
              return disjunction.alternatives().stream()
                  .anyMatch(
                      alternative ->
                          alternative.isComplete()
                              && alternative.comparisons().stream().allMatch(used::contains));
            });
  }

  /** The conjuncts that the ranges check completely. */
  List<Conjunct> taken() {
    return taken;
  }

  /** Whether nothing bounds the keys. */
  boolean isEmpty() {
    return branches.get(0).isEmpty();
  }

  /** What the keys are within: one of these. */
  List<KeyBounds> branches() {
    return branches;
  }

  /** How many of the first columns have the same value in all keys. */
  int equalityCount() {
    return equalityCount;
  }

  /** About how many ranges or keys there are, at least 1. */
  double rangeCount() {
    return branches.stream().mapToDouble(KeyBounds::combinationCount).sum();
  }

  /** Whether every column of the key has one value, or each of several: keys, not ranges. */
  boolean isPoint() {
    return branches.stream().allMatch(KeyBounds::isPoint);
  }

  boolean hasNullTest() {
    return branches.stream()
        .flatMap(branch -> branch.used().stream())
        .anyMatch(comparison -> comparison.operator() == Operator.IS_NULL);
  }

  /** The ranges below {@code prefix}, ascending and disjoint; none if an operand is NULL. */
  List<KeyRange> ranges(byte[] prefix, ExecutionContext context) {
    return ranges(prefix, operand -> operand.value(context));
  }

  /** The keys below {@code prefix}, ascending, of a condition that {@link #isPoint}. */
  List<byte[]> keys(byte[] prefix, ExecutionContext context) {
    List<byte[]> keys = new ArrayList<>(1);
    for (KeyBounds branch : branches) {
      branch.addKeys(prefix, operand -> operand.value(context), keys);
    }
    if (keys.size() < 2) {
      return keys;
    }
    TreeSet<byte[]> distinct = new TreeSet<>(Arrays::compareUnsigned);
    distinct.addAll(keys);
    return List.copyOf(distinct);
  }

  /** The ranges if all operands are known before execution, else null. */
  @Nullable List<KeyRange> constantRanges(byte[] prefix) {
    return branches.stream().allMatch(KeyBounds::isConstant)
        ? ranges(prefix, Operand::constant)
        : null;
  }

  private List<KeyRange> ranges(byte[] prefix, Function<Operand, @Nullable Object> valueOf) {
    List<KeyRange> ranges = new ArrayList<>(1);
    for (KeyBounds branch : branches) {
      branch.addRanges(prefix, valueOf, ranges);
    }
    return merged(ranges);
  }

  /** The same keys in ranges that are ascending and disjoint. */
  private static List<KeyRange> merged(List<KeyRange> ranges) {
    if (ranges.size() < 2) {
      return ranges;
    }
    ranges.sort((left, right) -> Arrays.compareUnsigned(left.start(), right.start()));
    List<KeyRange> merged = new ArrayList<>();
    KeyRange last = ranges.get(0);
    for (KeyRange next : ranges.subList(1, ranges.size())) {
      byte[] lastEnd = last.end();
      byte[] end = next.end();
      if (lastEnd != null && Arrays.compareUnsigned(lastEnd, next.start()) < 0) {
        merged.add(last);
        last = next;
      } else if (lastEnd != null && (end == null || Arrays.compareUnsigned(lastEnd, end) < 0)) {
        last = KeyRange.of(last.start(), end);
      }
    }
    merged.add(last);
    return merged;
  }

  /** The condition as EXPLAIN shows it, for instance {@code (country = 'US' AND id > 3)}. */
  @Override
  public String toString() {
    List<String> parts = new ArrayList<>();
    common.forEach(comparison -> parts.add(describe(comparison)));
    if (branches.size() > 1) {
      String alternatives =
          branches.stream().map(this::describeRest).collect(Collectors.joining(" OR "));
      parts.add(parts.isEmpty() ? alternatives : "(" + alternatives + ")");
    }
    return "(" + String.join(" AND ", parts) + ")";
  }

  /** What one branch says beyond what all say. */
  private String describeRest(KeyBounds branch) {
    List<String> parts =
        branch.used().stream()
            .filter(comparison -> !common.contains(comparison))
            .map(this::describe)
            .toList();
    return parts.size() == 1 ? parts.get(0) : "(" + String.join(" AND ", parts) + ")";
  }

  private String describe(ColumnComparison comparison) {
    String text = elements.name(comparison.ordinal()) + " " + comparison.operator().symbol();
    if (comparison.operands().isEmpty()) {
      return text;
    }
    List<String> values = comparison.operands().stream().map(Operand::toString).toList();
    return switch (comparison.operator()) {
      case IN, ANY -> text + " (" + String.join(", ", values) + ")";
      default -> text + " " + values.get(0);
    };
  }
}
