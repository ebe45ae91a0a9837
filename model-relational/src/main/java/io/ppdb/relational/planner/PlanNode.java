package io.ppdb.relational.planner;

import io.ppdb.relational.exec.ExecutionContext;
import io.ppdb.relational.exec.Operator;
import io.ppdb.relational.exec.SortKey;
import io.ppdb.relational.type.ColumnType;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * A node of a physical plan: what EXPLAIN shows, and how to make the operator that runs it.
 *
 * <p>Immutable and shared by all executions of a statement; {@link #build} makes the operators of
 * one execution.
 *
 * @param title what it is, with the access path for scans
 * @param details further lines for EXPLAIN, such as the condition of a filter
 * @param types the types of its columns
 * @param rows estimated rows
 * @param cost estimated cost, inputs included; 1 is one row of a sequential scan
 * @param ordering the order of its rows; empty if unknown
 * @param factory makes the operator from those of the inputs
 */
public record PlanNode(
    String title,
    List<String> details,
    List<PlanNode> inputs,
    List<ColumnType> types,
    double rows,
    double cost,
    List<SortKey> ordering,
    BiFunction<List<Operator>, ExecutionContext, Operator> factory) {
  public PlanNode {
    details = List.copyOf(details);
    inputs = List.copyOf(inputs);
    types = List.copyOf(types);
    ordering = List.copyOf(ordering);
  }

  PlanNode withDetail(String detail) {
    List<String> all = new ArrayList<>(details);
    all.add(detail);
    return new PlanNode(title, all, inputs, types, rows, cost, ordering, factory);
  }

  PlanNode withOrdering(List<SortKey> newOrdering) {
    return new PlanNode(title, details, inputs, types, rows, cost, newOrdering, factory);
  }

  PlanNode withFactory(BiFunction<List<Operator>, ExecutionContext, Operator> newFactory) {
    return new PlanNode(title, details, inputs, types, rows, cost, ordering, newFactory);
  }

  /** The operators of one execution. */
  public Operator build(ExecutionContext context) {
    return build(context, null);
  }

  /** The operators of one execution; each puts what it measures into {@code measured}. */
  Operator build(
      ExecutionContext context, @Nullable IdentityHashMap<PlanNode, MeasuredOperator> measured) {
    List<Operator> operators = new ArrayList<>(inputs.size());
    for (PlanNode input : inputs) {
      operators.add(input.build(context, measured));
    }
    Operator operator = factory.apply(operators, context);
    if (measured == null) {
      return operator;
    }
    MeasuredOperator wrapped = new MeasuredOperator(operator);
    measured.put(this, wrapped);
    return wrapped;
  }

  /** The tree as text, one line for each node and detail. */
  List<String> explain(@Nullable IdentityHashMap<PlanNode, MeasuredOperator> measured) {
    List<String> lines = new ArrayList<>();
    explain("", "", measured == null ? new IdentityHashMap<>() : measured, lines);
    return lines;
  }

  private void explain(
      String indent,
      String arrow,
      IdentityHashMap<PlanNode, MeasuredOperator> measured,
      List<String> lines) {
    StringBuilder line = new StringBuilder(indent).append(arrow).append(title);
    line.append("  (rows=").append(Math.round(rows));
    MeasuredOperator actual = measured.get(this);
    if (actual != null) {
      line.append(" actual=").append(actual.rowCount());
      line.append(String.format(Locale.ROOT, " time=%.3f ms", actual.nanos() / 1e6));
    }
    lines.add(line.append(')').toString());
    String below = indent + " ".repeat(arrow.length());
    for (String detail : details) {
      lines.add(below + "  " + detail);
    }
    for (PlanNode input : inputs) {
      input.explain(below + "  ", "-> ", measured, lines);
    }
  }
}
