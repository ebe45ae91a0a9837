package io.ppdb.relational.planner;

import com.google.common.primitives.Ints;
import io.ppdb.relational.exec.ExecutionContext;
import io.ppdb.relational.exec.LimitOperator;
import io.ppdb.relational.exec.SortKey;
import io.ppdb.relational.exec.SortOperator;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;
import java.util.stream.IntStream;

/** Plan nodes that more than one rule makes. */
final class PlanNodes {
  private PlanNodes() {}

  /** The first {@code count} columns of {@code input}. */
  static PlanNode firstColumns(PlanNode input, int count) {
    return columns(input, IntStream.range(0, count).toArray());
  }

  /** Columns of {@code input} in another order; costs nothing and does not show in EXPLAIN. */
  static PlanNode columns(PlanNode input, int[] columns) {
    List<SortKey> ordering = new ArrayList<>();
    for (SortKey key : input.ordering()) {
      int output = Ints.indexOf(columns, key.column());
      if (output < 0) {
        break;
      }
      ordering.add(new SortKey(output, key.descending(), key.nullsFirst()));
    }
    return new PlanNode(
        input.title(),
        input.details(),
        input.inputs(),
        Arrays.stream(columns).mapToObj(input.types()::get).toList(),
        input.rows(),
        input.cost(),
        ordering,
        (inputs, context) -> new ColumnsOperator(input.factory().apply(inputs, context), columns),
        input.properties());
  }

  /** A node's type and one more property, as JSON shows them. */
  static Map<String, Object> properties(String type, String name, Object value) {
    Map<String, Object> properties = new LinkedHashMap<>();
    properties.put("Node Type", type);
    properties.put(name, value);
    return properties;
  }

  /** Sorts {@code input}; only a slice is returned if there is a limit. */
  static PlanNode sort(PlanNode input, List<SortKey> keys, List<String> names, Slice slice) {
    List<String> columns = new ArrayList<>();
    for (SortKey key : keys) {
      columns.add(
          names.get(key.column())
              + (key.descending() ? " DESC" : "")
              + (key.nullsFirst() == key.descending()
                  ? ""
                  : key.nullsFirst() ? " NULLS FIRST" : " NULLS LAST"));
    }
    Map<String, Object> properties = new LinkedHashMap<>();
    properties.put("Node Type", "Sort");
    properties.put("Sort Key", columns);
    if (!slice.isAll()) {
      properties.put("Sort Method", "top-N");
      properties.put("Limit", slice.describe().substring(2));
    }
    return new PlanNode(
        slice.isAll() ? "Sort" : "Top-N Sort",
        List.of("by " + String.join(", ", columns) + slice.describe()),
        List.of(input),
        input.types(),
        Math.min(input.rows(), slice.estimatedRows),
        input.cost() + Estimates.sortCost(input.rows()),
        keys,
        (inputs, context) ->
            new SortOperator(
                inputs.get(0),
                keys,
                slice.offset.applyAsLong(context),
                slice.fetch.applyAsLong(context)),
        properties);
  }

  /** Returns a slice of {@code input}. */
  static PlanNode limit(PlanNode input, Slice slice) {
    return new PlanNode(
        "Limit",
        List.of(slice.describe().replaceFirst("^, ", "")),
        List.of(input),
        input.types(),
        Math.min(input.rows(), slice.estimatedRows),
        input.cost() * Math.min(1, slice.estimatedRows / Math.max(1, input.rows())),
        input.ordering(),
        (inputs, context) ->
            new LimitOperator(
                inputs.get(0),
                slice.offset.applyAsLong(context),
                slice.fetch.applyAsLong(context)));
  }

  /**
   * LIMIT and OFFSET.
   *
   * @param estimatedRows rows to be read, offset included; infinite if there is no limit
   */
  record Slice(
      ToLongFunction<ExecutionContext> offset,
      ToLongFunction<ExecutionContext> fetch,
      double estimatedRows,
      String text) {
    static final Slice ALL =
        new Slice(context -> 0, context -> LimitOperator.ALL, Double.POSITIVE_INFINITY, "");

    boolean isAll() {
      return text.isEmpty();
    }

    /** The rows of the slice and those before it. */
    Slice fromStart() {
      return new Slice(
          context -> 0,
          context -> {
            long first = offset.applyAsLong(context);
            long count = fetch.applyAsLong(context);
            return count < LimitOperator.ALL - first ? first + count : LimitOperator.ALL;
          },
          estimatedRows,
          text.replace(", offset ", " and "));
    }

    String describe() {
      return text;
    }
  }
}
