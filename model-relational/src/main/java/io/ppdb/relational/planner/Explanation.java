package io.ppdb.relational.planner;

import io.ppdb.relational.exec.ExecutionContext;
import io.ppdb.relational.exec.Operator;
import io.ppdb.relational.exec.ScanOperator;
import io.ppdb.relational.spi.RowListSource;
import io.ppdb.relational.type.ColumnType;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Plans as text: EXPLAIN and EXPLAIN ANALYZE. */
public final class Explanation {
  private Explanation() {}

  /** The tree of {@code plan}, one line for each node and detail. */
  public static List<String> of(PlanNode plan) {
    return plan.explain(null);
  }

  /** Runs {@code plan} and shows what each node returned and how long it took, inputs included. */
  public static List<String> analyze(PlanNode plan, ExecutionContext context) {
    IdentityHashMap<PlanNode, MeasuredOperator> measured = new IdentityHashMap<>();
    long start = System.nanoTime();
    try (Operator operator = plan.build(context, measured)) {
      operator.open(context);
      while (operator.next() != null) {
        // Only counted.
      }
    }
    List<String> lines = new ArrayList<>(plan.explain(measured));
    lines.add(executionTime(System.nanoTime() - start));
    return lines;
  }

  /** A writing statement above the plan of its rows. */
  public static List<String> ofWrite(String title, @Nullable PlanNode source) {
    List<String> lines = new ArrayList<>();
    lines.add(title);
    if (source != null) {
      for (String line : source.explain(null)) {
        lines.add("  " + line);
      }
    }
    return lines;
  }

  /** A writing statement that was run. */
  public static List<String> ofRun(
      String title, @Nullable PlanNode source, long rowCount, long nanos) {
    List<String> lines = ofWrite(title + "  (actual=" + rowCount + ")", source);
    lines.add(executionTime(nanos));
    return lines;
  }

  private static String executionTime(long nanos) {
    return String.format(Locale.ROOT, "Execution time: %.3f ms", nanos / 1e6);
  }

  /** Lines as rows of one text column. */
  public static Operator rows(List<String> lines) {
    List<@Nullable Object[]> rows = new ArrayList<>();
    lines.forEach(line -> rows.add(new @Nullable Object[] {line}));
    return new ScanOperator(
        List.of(ColumnType.TEXT), context -> new RowListSource(rows.iterator(), new int[] {0}));
  }
}
