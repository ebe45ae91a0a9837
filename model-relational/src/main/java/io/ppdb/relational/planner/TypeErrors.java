package io.ppdb.relational.planner;

import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.PpdbException;
import io.ppdb.relational.type.DateTimeText;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Calcite's messages about operands and literals that do not fit, as PostgreSQL's. */
final class TypeErrors {
  private static final Pattern ILLEGAL_LITERAL =
      Pattern.compile("Illegal (\\w+).*? literal '(.*)': not in format .*", Pattern.DOTALL);

  private static final Pattern OPERANDS =
      Pattern.compile("Cannot apply '(.*?)' to arguments of type '(.*?)'\\..*", Pattern.DOTALL);

  private static final Pattern OPERAND = Pattern.compile("<([A-Z_ ]+)[^<>]*>");

  private static final Set<String> LOGICAL = Set.of("AND", "OR", "NOT");

  private TypeErrors() {}

  /** The error that {@code message} tells of; null if it is about something else. */
  static @Nullable PpdbException translate(String message, String place, RuntimeException cause) {
    Matcher literal = ILLEGAL_LITERAL.matcher(message);
    if (literal.matches()) {
      return illegalLiteral(literal.group(1), literal.group(2), place, cause);
    }
    Matcher operands = OPERANDS.matcher(message);
    return operands.matches() ? operands(operands.group(1), operands.group(2), place, cause) : null;
  }

  /** What reading {@code text} as the type says, as a cast would. */
  private static PpdbException illegalLiteral(
      String type, String text, String place, RuntimeException cause) {
    try {
      switch (type) {
        case "DATE" -> DateTimeText.parseDate(text);
        case "TIME" -> DateTimeText.parseTime(text);
        default -> DateTimeText.parseTimestamp(text);
      }
    } catch (PpdbException e) {
      return new PpdbException(e.code(), e.getMessage() + place, cause);
    }
    String form = type.toLowerCase(Locale.ROOT) + " literal of the form \"" + text + "\"";
    return new PpdbException(
        ErrorCode.NOT_SUPPORTED, form + " is not supported: use a cast" + place, cause);
  }

  /**
   * An operator or function that does not exist for its operands.
   *
   * @param signature the call with types in angle brackets for its operands
   */
  private static PpdbException operands(
      String operator, String signature, String place, RuntimeException cause) {
    List<String> types = new ArrayList<>();
    Matcher operand = OPERAND.matcher(signature);
    while (operand.find()) {
      types.add(name(operand.group(1).strip()));
    }
    if (LOGICAL.contains(operator)) {
      String type = types.stream().filter(name -> !name.equals("boolean")).findFirst().orElse("?");
      String text = "argument of " + operator + " must be type boolean, not type " + type;
      return new PpdbException(ErrorCode.DATATYPE_MISMATCH, text + place, cause);
    }
    String name = operator.toLowerCase(Locale.ROOT);
    boolean isFunction = signature.startsWith(operator + "(");
    String call =
        isFunction
            ? "function " + name + "(" + String.join(", ", types) + ")"
            : types.size() == 2
                ? "operator does not exist: " + types.get(0) + " " + name + " " + types.get(1)
                : "operator does not exist: " + name + " " + String.join(", ", types);
    String text = isFunction ? call + " does not exist" : call;
    return new PpdbException(ErrorCode.UNDEFINED_FUNCTION, text + place, cause);
  }

  /** PostgreSQL's name of a type that Calcite calls {@code type}. */
  private static String name(String type) {
    return switch (type) {
      case "VARCHAR", "CHAR" -> "text";
      case "DECIMAL" -> "numeric";
      case "DOUBLE", "FLOAT" -> "double precision";
      case "VARBINARY", "BINARY" -> "bytea";
      case "TIMESTAMP_WITH_LOCAL_TIME_ZONE" -> "timestamp with time zone";
      case "NULL", "UNKNOWN", "ANY" -> "unknown";
      default -> type.startsWith("INTERVAL") ? "interval" : type.toLowerCase(Locale.ROOT);
    };
  }
}
