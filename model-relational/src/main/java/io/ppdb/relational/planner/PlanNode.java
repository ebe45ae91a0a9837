package io.ppdb.relational.planner;

import io.ppdb.relational.exec.ExecutionContext;
import io.ppdb.relational.exec.MeasuredOperator;
import io.ppdb.relational.exec.Operator;
import io.ppdb.relational.exec.PlanMeasurement;
import io.ppdb.relational.exec.SortKey;
import io.ppdb.relational.type.ColumnType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;

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
 * @param properties title and details as JSON names them: texts, or lists of them
 */
public record PlanNode(
    String title,
    List<String> details,
    List<PlanNode> inputs,
    List<ColumnType> types,
    double rows,
    double cost,
    List<SortKey> ordering,
    BiFunction<List<Operator>, ExecutionContext, Operator> factory,
    Map<String, Object> properties) {
  public PlanNode {
    details = List.copyOf(details);
    inputs = List.copyOf(inputs);
    types = List.copyOf(types);
    ordering = List.copyOf(ordering);
  }

  /** A node whose title and details say everything. */
  public PlanNode(
      String title,
      List<String> details,
      List<PlanNode> inputs,
      List<ColumnType> types,
      double rows,
      double cost,
      List<SortKey> ordering,
      BiFunction<List<Operator>, ExecutionContext, Operator> factory) {
    this(title, details, inputs, types, rows, cost, ordering, factory, Map.of());
  }

  /** The same with what {@code EXPLAIN (FORMAT JSON)} shows in place of title and details. */
  PlanNode withProperties(Map<String, Object> newProperties) {
    return new PlanNode(
        title, details, inputs, types, rows, cost, ordering, factory, newProperties);
  }

  PlanNode withDetail(String detail) {
    List<String> all = new ArrayList<>(details);
    all.add(detail);
    return new PlanNode(title, all, inputs, types, rows, cost, ordering, factory, properties);
  }

  PlanNode withOrdering(List<SortKey> newOrdering) {
    return new PlanNode(
        title, details, inputs, types, rows, cost, newOrdering, factory, properties);
  }

  /** The operators of one execution, measured if the execution is. */
  public Operator build(ExecutionContext context) {
    List<Operator> operators = new ArrayList<>(inputs.size());
    for (PlanNode input : inputs) {
      operators.add(input.build(context));
    }
    Operator operator = factory.apply(operators, context);
    PlanMeasurement measurement = context.measurement();
    return measurement == null ? operator : new MeasuredOperator(operator, measurement.of(this));
  }
}
