package io.ppdb.relational.planner;

import io.ppdb.relational.exec.NodeMeasurement;
import io.ppdb.relational.exec.PlanMeasurement;
import io.ppdb.relational.json.JsonWriter;
import io.ppdb.relational.parser.ExplainOptions;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A plan as JSON, in the shape and, where they have an equal, with the names of PostgreSQL: rows
 * and times of a node are those of one loop. Used once.
 */
final class PlanJson {
  private static final int INDENT = 2;

  private final ExplainOptions options;
  private final @Nullable PlanMeasurement measurement;
  private final StringBuilder out = new StringBuilder();

  /**
   * A text.
   *
   * @param measurement null if the plan was not run
   */
  PlanJson(ExplainOptions options, @Nullable PlanMeasurement measurement) {
    this.options = options;
    this.measurement = measurement;
  }

  String text(PlanNode plan, long nanos) {
    Map<String, Object> statement = new LinkedHashMap<>();
    statement.put("Plan", object(plan));
    if (measurement != null && options.summary()) {
      statement.put("Execution Time", decimal(nanos / 1e6, 3));
    }
    write(List.of(statement), 0);
    return out.toString();
  }

  private Map<String, Object> object(PlanNode node) {
    Map<String, Object> object = new LinkedHashMap<>();
    if (node.properties().isEmpty()) {
      object.put("Node Type", node.title());
      if (!node.details().isEmpty()) {
        object.put("Details", node.details());
      }
    } else {
      object.putAll(node.properties());
    }
    if (options.costs() && !Double.isNaN(node.rows())) {
      object.put("Total Cost", decimal(node.cost(), 2));
      object.put("Plan Rows", Math.round(node.rows()));
    }
    if (options.verbose() && !node.types().isEmpty()) {
      object.put("Output", node.types().stream().map(Object::toString).toList());
    }
    NodeMeasurement seen = measurement == null ? null : measurement.find(node);
    if (seen != null) {
      putActual(seen, object);
    }
    if (!node.inputs().isEmpty()) {
      List<Object> inputs = new ArrayList<>();
      node.inputs().forEach(input -> inputs.add(object(input)));
      object.put("Plans", inputs);
    }
    return object;
  }

  private void putActual(NodeMeasurement seen, Map<String, Object> object) {
    double loops = Math.max(1, seen.loopCount());
    if (options.timing()) {
      object.put("Actual Total Time", decimal(seen.nanos() / loops / 1e6, 3));
    }
    object.put("Actual Rows", decimal(seen.rowCount() / loops, 2).stripTrailingZeros());
    object.put("Actual Loops", seen.loopCount());
    if (options.verbose()) {
      object.put("Actual Batches", seen.batchCount());
    }
    if (options.buffers() && seen.seekCount() > 0) {
      object.put("Key-Value Seeks", seen.seekCount());
      object.put("Key-Value Entries Read", seen.entryCount());
      object.put("Key-Value Bytes Read", seen.readBytes());
    }
    if (options.buffers() && seen.spillFileCount() > 0) {
      object.put("Temp Files Written", seen.spillFileCount());
      object.put("Temp Bytes Written", seen.spillBytes());
    }
  }

  private static BigDecimal decimal(double value, int scale) {
    return BigDecimal.valueOf(value).setScale(scale, RoundingMode.HALF_UP);
  }

  private void write(Object value, int depth) {
    if (value instanceof Map<?, ?> object) {
      String separator = "{";
      for (Map.Entry<?, ?> member : object.entrySet()) {
        out.append(separator);
        newLine(depth + 1);
        out.append(JsonWriter.quote(member.getKey().toString())).append(": ");
        write(member.getValue(), depth + 1);
        separator = ",";
      }
      newLine(depth);
      out.append('}');
    } else if (value instanceof List<?> list) {
      writeList(list, depth);
    } else if (value instanceof BigDecimal number) {
      out.append(number.toPlainString());
    } else if (value instanceof Number number) {
      out.append(number);
    } else {
      out.append(JsonWriter.quote(value.toString()));
    }
  }

  /** Texts beside each other, objects below each other. */
  private void writeList(List<?> list, int depth) {
    boolean isText = list.get(0) instanceof String;
    String separator = "[";
    for (Object element : list) {
      out.append(separator);
      if (!isText) {
        newLine(depth + 1);
      }
      write(element, depth + 1);
      separator = isText ? ", " : ",";
    }
    if (!isText) {
      newLine(depth);
    }
    out.append(']');
  }

  private void newLine(int depth) {
    out.append('\n').append(" ".repeat(INDENT * depth));
  }
}
