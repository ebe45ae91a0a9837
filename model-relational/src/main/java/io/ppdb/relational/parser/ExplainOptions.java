package io.ppdb.relational.parser;

import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.PpdbException;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlLiteral;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.type.SqlTypeName;
import org.jspecify.annotations.Nullable;

/**
 * What EXPLAIN shows.
 *
 * @param analyze the statement is run and measured
 * @param verbose types of columns, and batches, besides
 * @param costs what the planner expects
 * @param buffers what was read and spilled
 * @param timing times of single nodes
 * @param summary the time of the whole statement
 * @param json as one JSON text rather than lines for people
 */
public record ExplainOptions(
    boolean analyze,
    boolean verbose,
    boolean costs,
    boolean buffers,
    boolean timing,
    boolean summary,
    boolean json) {
  private static final Set<String> NOT_SUPPORTED = Set.of("settings", "wal", "generic_plan");

  /** The options of a list, by names in lower case; null stands for an option without a value. */
  static ExplainOptions of(Map<String, @Nullable SqlNode> given) {
    Map<String, @Nullable SqlNode> rest = new LinkedHashMap<>(given);
    boolean analyze = flag(rest, "analyze", false);
    boolean timing = rest.containsKey("timing");
    ExplainOptions options =
        new ExplainOptions(
            analyze,
            flag(rest, "verbose", false),
            flag(rest, "costs", true),
            flag(rest, "buffers", analyze),
            flag(rest, "timing", analyze),
            flag(rest, "summary", analyze),
            isJson(rest));
    for (String name : rest.keySet()) {
      throw NOT_SUPPORTED.contains(name)
          ? new PpdbException(
              ErrorCode.NOT_SUPPORTED, "EXPLAIN option \"" + name + "\" is not supported")
          : new PpdbException(
              ErrorCode.SYNTAX_ERROR, "unrecognized EXPLAIN option \"" + name + "\"");
    }
    if (timing && options.timing && !analyze) {
      throw new PpdbException(ErrorCode.INVALID_ARGUMENT, "EXPLAIN option TIMING requires ANALYZE");
    }
    return options;
  }

  private static boolean flag(
      Map<String, @Nullable SqlNode> options, String name, boolean otherwise) {
    if (!options.containsKey(name)) {
      return otherwise;
    }
    SqlNode value = options.remove(name);
    return switch (text(value)) {
      case "", "true", "on", "1" -> true;
      case "false", "off", "0" -> false;
      default ->
          throw new PpdbException(ErrorCode.SYNTAX_ERROR, name + " requires a Boolean value");
    };
  }

  private static boolean isJson(Map<String, @Nullable SqlNode> options) {
    if (!options.containsKey("format")) {
      return false;
    }
    String format = text(options.remove("format"));
    return switch (format) {
      case "json" -> true;
      case "text" -> false;
      case "" -> throw new PpdbException(ErrorCode.SYNTAX_ERROR, "format requires a parameter");
      case "xml", "yaml" ->
          throw new PpdbException(
              ErrorCode.NOT_SUPPORTED, "EXPLAIN format \"" + format + "\" is not supported");
      default ->
          throw new PpdbException(
              ErrorCode.INVALID_ARGUMENT,
              "unrecognized value for EXPLAIN option \"format\": \"" + format + "\"");
    };
  }

  /** A value as a word in lower case; empty if there is none. */
  private static String text(@Nullable SqlNode value) {
    if (value instanceof SqlIdentifier name) {
      return name.toString().toLowerCase(Locale.ROOT);
    }
    if (value instanceof SqlLiteral literal) {
      boolean isText = literal.getTypeName() == SqlTypeName.CHAR;
      String text = isText ? literal.getValueAs(String.class) : literal.toValue();
      return String.valueOf(text).toLowerCase(Locale.ROOT);
    }
    return "";
  }
}
