package io.ppdb.relational.planner;

import io.ppdb.relational.exec.ExecutionContext;
import io.ppdb.relational.exec.Operator;
import io.ppdb.relational.exec.PlanMeasurement;
import io.ppdb.relational.exec.ScanOperator;
import io.ppdb.relational.parser.ExplainOptions;
import io.ppdb.relational.spi.RowListSource;
import io.ppdb.relational.type.ColumnType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/** What EXPLAIN shows of one statement, as rows of a text column. Used once. */
public final class Explanation {
  private final ExplainOptions options;
  private final PlanNode plan;

  private Explanation(ExplainOptions options, PlanNode plan) {
    this.options = options;
    this.plan = plan;
  }

  /** Explains a query. */
  public static Explanation of(ExplainOptions options, PlanNode plan) {
    return new Explanation(options, plan);
  }

  /**
   * Explains a writing statement.
   *
   * @param source the plan of the rows it reads; null if they stand in the statement
   */
  public static Explanation ofWrite(
      ExplainOptions options, String operation, String relation, @Nullable PlanNode source) {
    Map<String, Object> properties = new LinkedHashMap<>();
    properties.put("Node Type", "ModifyTable");
    properties.put("Operation", operation);
    properties.put("Relation Name", relation);
    PlanNode write =
        new PlanNode(
            operation + " on " + relation,
            List.of(),
            source == null ? List.of() : List.of(source),
            List.of(),
            Double.NaN,
            Double.NaN,
            List.of(),
            (inputs, context) -> {
              throw new IllegalStateException("writes are run by their statements");
            },
            properties);
    return new Explanation(options, write);
  }

  /** The plan, without running it. */
  public List<String> lines() {
    return lines(null, 0);
  }

  /** Reads all rows of the query, and shows what each node did for them. */
  public List<String> analyze(ExecutionContext context) {
    long start = System.nanoTime();
    try (Operator operator = plan.build(context)) {
      operator.open(context);
      while (operator.next() != null) {
        // Only counted.
      }
    }
    return lines(context.measurement(), System.nanoTime() - start);
  }

  /** Runs the writing statement, which returns how many rows it wrote. */
  public List<String> analyzeWrite(
      ToLongFunction<ExecutionContext> statement, ExecutionContext context) {
    long start = System.nanoTime();
    long count = statement.applyAsLong(context);
    long nanos = System.nanoTime() - start;
    PlanMeasurement measurement = context.measurement();
    if (measurement != null) {
      measurement.of(plan).addRun(count, nanos);
    }
    return lines(measurement, nanos);
  }

  private List<String> lines(@Nullable PlanMeasurement measurement, long nanos) {
    return options.json()
        ? List.of(new PlanJson(options, measurement).text(plan, nanos))
        : new PlanText(options, measurement).lines(plan, nanos);
  }

  /** Lines as rows of one text column. */
  public static Operator rows(List<String> lines) {
    List<@Nullable Object[]> rows = new ArrayList<>();
    lines.forEach(line -> rows.add(new @Nullable Object[] {line}));
    return new ScanOperator(
        List.of(ColumnType.TEXT), context -> new RowListSource(rows.iterator(), new int[] {0}));
  }
}
