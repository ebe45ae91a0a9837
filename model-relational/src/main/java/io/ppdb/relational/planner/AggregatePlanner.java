package io.ppdb.relational.planner;

import io.ppdb.relational.exec.AggregateOperator;
import io.ppdb.relational.exec.AggregateSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.calcite.rel.core.Aggregate;
import org.apache.calcite.rel.core.AggregateCall;
import org.apache.calcite.util.ImmutableBitSet;

/** Plans GROUP BY and aggregates. */
final class AggregatePlanner {
  private static final double AGGREGATE_COST = 0.5;

  private AggregatePlanner() {}

  static PlanNode plan(Aggregate aggregate, PlanNode input) {
    List<String> names = aggregate.getInput().getRowType().getFieldNames();
    List<Integer> groupColumns = aggregate.getGroupSet().asList();
    List<List<Integer>> groupingSets =
        aggregate.getGroupSets().stream().map(ImmutableBitSet::asList).toList();
    List<AggregateSpec> specs = new ArrayList<>();
    List<String> texts = new ArrayList<>();
    for (AggregateCall call : aggregate.getAggCallList()) {
      specs.add(AggregateSpec.fromCalcite(call));
      texts.add(text(call, names));
    }
    List<String> details = new ArrayList<>();
    if (!groupColumns.isEmpty()) {
      details.add("by " + String.join(", ", groupColumns.stream().map(names::get).toList()));
    }
    if (!texts.isEmpty()) {
      details.add(String.join(", ", texts));
    }
    double rows = JoinEstimates.groups(aggregate.getInput(), groupColumns, input.rows());
    return new PlanNode(
        groupColumns.isEmpty() ? "Aggregate" : "Hash Aggregate",
        details,
        List.of(input),
        PhysicalPlanner.types(aggregate.getRowType()),
        rows,
        input.cost() + AGGREGATE_COST * input.rows(),
        List.of(),
        (inputs, context) ->
            new AggregateOperator(inputs.get(0), groupColumns, groupingSets, specs),
        properties(groupColumns.stream().map(names::get).toList(), texts));
  }

  private static Map<String, Object> properties(List<String> groups, List<String> calls) {
    String strategy = groups.isEmpty() ? "Plain" : "Hashed";
    Map<String, Object> properties = PlanNodes.properties("Aggregate", "Strategy", strategy);
    if (!groups.isEmpty()) {
      properties.put("Group Key", groups);
    }
    if (!calls.isEmpty()) {
      properties.put("Aggregates", calls);
    }
    return properties;
  }

  private static String text(AggregateCall call, List<String> names) {
    String arguments =
        call.getArgList().isEmpty()
            ? "*"
            : String.join(", ", call.getArgList().stream().map(names::get).toList());
    return call.getAggregation().getName().toLowerCase(Locale.ROOT)
        + (call.isDistinct() ? "(distinct " : "(")
        + arguments
        + ")";
  }
}
