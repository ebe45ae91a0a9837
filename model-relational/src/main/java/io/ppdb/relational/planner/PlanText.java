package io.ppdb.relational.planner;

import io.ppdb.relational.exec.NodeMeasurement;
import io.ppdb.relational.exec.PlanMeasurement;
import io.ppdb.relational.parser.ExplainOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A plan as text, one line for each node and detail. Used once. */
final class PlanText {
  private final ExplainOptions options;
  private final @Nullable PlanMeasurement measurement;
  private final List<String> lines = new ArrayList<>();

  /**
   * A text.
   *
   * @param measurement null if the plan was not run
   */
  PlanText(ExplainOptions options, @Nullable PlanMeasurement measurement) {
    this.options = options;
    this.measurement = measurement;
  }

  List<String> lines(PlanNode plan, long nanos) {
    add(plan, "", "");
    if (measurement != null && options.summary()) {
      lines.add(String.format(Locale.ROOT, "Execution time: %.3f ms", nanos / 1e6));
    }
    return lines;
  }

  private void add(PlanNode node, String indent, String arrow) {
    NodeMeasurement seen = measurement == null ? null : measurement.find(node);
    List<String> numbers = new ArrayList<>();
    if (options.costs() && !Double.isNaN(node.rows())) {
      numbers.add("rows=" + Math.round(node.rows()));
    }
    if (options.costs() && options.verbose() && !Double.isNaN(node.cost())) {
      numbers.add(String.format(Locale.ROOT, "cost=%.2f", node.cost()));
    }
    if (seen != null) {
      addActual(seen, numbers);
    }
    String suffix = numbers.isEmpty() ? "" : "  (" + String.join(" ", numbers) + ")";
    lines.add(indent + arrow + node.title() + suffix);
    String below = indent + " ".repeat(arrow.length()) + "  ";
    node.details().forEach(detail -> lines.add(below + detail));
    if (options.verbose()) {
      addVerbose(node, seen, below);
    }
    if (seen != null && options.buffers()) {
      addReads(seen, below);
    }
    node.inputs().forEach(input -> add(input, below, "-> "));
  }

  private void addActual(NodeMeasurement seen, List<String> numbers) {
    if (seen.loopCount() == 0) {
      numbers.add("never executed");
      return;
    }
    numbers.add("actual=" + seen.rowCount());
    if (seen.loopCount() > 1) {
      numbers.add("loops=" + seen.loopCount());
    }
    if (options.timing()) {
      numbers.add(String.format(Locale.ROOT, "time=%.3f ms", seen.nanos() / 1e6));
    }
  }

  private void addVerbose(PlanNode node, @Nullable NodeMeasurement seen, String below) {
    if (!node.types().isEmpty()) {
      lines.add(
          below
              + "output: "
              + String.join(", ", node.types().stream().map(Object::toString).toList()));
    }
    if (seen != null && seen.batchCount() > 0) {
      lines.add(below + "batches: " + seen.batchCount());
    }
  }

  private void addReads(NodeMeasurement seen, String below) {
    if (seen.seekCount() > 0) {
      lines.add(
          below
              + "reads: seeks="
              + seen.seekCount()
              + " entries="
              + seen.entryCount()
              + " bytes="
              + seen.readBytes());
    }
    if (seen.spillFileCount() > 0) {
      lines.add(below + "spilled: files=" + seen.spillFileCount() + " bytes=" + seen.spillBytes());
    }
  }
}
