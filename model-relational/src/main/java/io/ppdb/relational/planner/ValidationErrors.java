package io.ppdb.relational.planner;

import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.PpdbException;
import io.ppdb.relational.parser.StatementParser;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.calcite.runtime.CalciteContextException;
import org.apache.calcite.runtime.CalciteException;
import org.apache.calcite.sql.SqlDynamicParam;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.sql.util.SqlBasicVisitor;
import org.jspecify.annotations.Nullable;

/** Calcite's messages about names and types as short ones with PostgreSQL's codes. */
final class ValidationErrors {
  /**
   * A kind of message.
   *
   * @param replacement what to say, with groups of the pattern
   */
  private record Rule(Pattern pattern, ErrorCode code, String replacement) {
    Rule(String regex, ErrorCode code, String replacement) {
      this(Pattern.compile(regex, Pattern.DOTALL), code, replacement);
    }
  }

  private static final List<Rule> RULES =
      List.of(
          new Rule(
              "Object '(.*?)' not found( within '.*')?.*",
              ErrorCode.UNDEFINED_TABLE,
              "relation \"$1\" does not exist"),
          new Rule(
              "Table '(.*?)' not found.*",
              ErrorCode.UNDEFINED_TABLE,
              "relation \"$1\" does not exist"),
          new Rule(
              "Column '(.*?)' not found in table '(.*?)'.*",
              ErrorCode.UNDEFINED_COLUMN,
              "column \"$1\" of relation \"$2\" does not exist"),
          new Rule(
              "(?:Column|Unknown field|Unknown identifier|Unknown target column) '(.*?)'(?: not"
                  + " found.*)?",
              ErrorCode.UNDEFINED_COLUMN,
              "column \"$1\" does not exist"),
          // Calcite takes an unknown name for the alias that the same item gives itself.
          new Rule(
              "The definition of column '(.*?)' depends on itself.*",
              ErrorCode.UNDEFINED_COLUMN,
              "column \"$1\" does not exist"),
          new Rule(
              "Column '(.*?)' is ambiguous.*",
              ErrorCode.AMBIGUOUS_COLUMN,
              "column reference \"$1\" is ambiguous"),
          new Rule(
              "No match found for function signature (.*)",
              ErrorCode.UNDEFINED_FUNCTION,
              "function $1 does not exist"),
          new Rule(
              "Invalid number of arguments to function '(.*?)'.*",
              ErrorCode.UNDEFINED_FUNCTION,
              "function \"$1\" is called with a wrong number of arguments"),
          new Rule(
              "Expression '(.*?)' is not being grouped",
              ErrorCode.GROUPING_ERROR,
              "column \"$1\" must appear in the GROUP BY clause or be used in an aggregate"
                  + " function"),
          new Rule(
              "Aggregate expression is illegal in (.*)",
              ErrorCode.GROUPING_ERROR,
              "aggregate functions are not allowed in $1"),
          new Rule(
              "Aggregate expressions cannot be nested",
              ErrorCode.GROUPING_ERROR,
              "aggregate function calls cannot be nested"),
          new Rule(
              "Illegal use of dynamic parameter",
              ErrorCode.UNDEFINED_PARAMETER,
              "could not determine the type of a parameter"),
          new Rule(
              "Expected a boolean type",
              ErrorCode.DATATYPE_MISMATCH,
              "argument of CASE/WHEN must be type boolean"),
          new Rule(
              "Ordinal out of range",
              ErrorCode.SYNTAX_ERROR,
              "there is no such position in the select list"),
          new Rule(
              "Duplicate relation name '(.*?)' in FROM clause",
              ErrorCode.DUPLICATE_OBJECT,
              "table name \"$1\" specified more than once"),
          new Rule(
              "(.*?) clause must be a condition",
              ErrorCode.DATATYPE_MISMATCH,
              "the argument of $1 must be boolean"),
          new Rule(
              "INNER, LEFT, RIGHT.* join requires a condition.*",
              ErrorCode.SYNTAX_ERROR,
              "a join needs a condition: ON, USING or NATURAL"),
          new Rule(
              "Column count mismatch in (.*)",
              ErrorCode.SYNTAX_ERROR,
              "each query of $1 must have the same number of columns"),
          new Rule(
              "Type mismatch in column (\\d+) of (.*)",
              ErrorCode.DATATYPE_MISMATCH,
              "types of column $1 of $2 do not match"),
          new Rule(
              "Values passed to (.*?) operator must have compatible types",
              ErrorCode.DATATYPE_MISMATCH,
              "values passed to $1 must have compatible types"));

  private static final Pattern NO_TABLE_FUNCTION =
      Pattern.compile("Argument must be a table function: (.*)");

  private ValidationErrors() {}

  /** {@code e}, which {@code query} is to blame for, as PPDB reports it. */
  static PpdbException translate(RuntimeException e, SqlNode query) {
    PpdbException translated = translate(e);
    if (translated.code() != ErrorCode.UNDEFINED_TABLE
        || !(e instanceof CalciteContextException context)
        || !String.valueOf(context.getCause()).contains("Object '")) {
      return translated;
    }
    // Calcite names the part of the name that it could not find.
    String name = qualifiedNameAt(query, context.getPosLine(), context.getPosColumn());
    return name == null
        ? translated
        : new PpdbException(
            ErrorCode.UNDEFINED_TABLE,
            "relation \""
                + name
                + "\" does not exist"
                + StatementParser.at(context.getPosLine(), context.getPosColumn()),
            e);
  }

  private static @Nullable String qualifiedNameAt(SqlNode query, int line, int column) {
    List<String> found = new ArrayList<>();
    query.accept(
        new SqlBasicVisitor<@Nullable Void>() {
          @Override
          public @Nullable Void visit(SqlIdentifier name) {
            SqlParserPos place = name.getParserPosition();
            if (name.names.size() > 1
                && place.getLineNum() == line
                && place.getColumnNum() == column) {
              found.add(String.join(".", name.names));
            }
            return null;
          }
        });
    return found.isEmpty() ? null : found.get(0);
  }

  /** {@code e} as PPDB reports it. */
  static PpdbException translate(RuntimeException e) {
    if (e instanceof PpdbException known) {
      return known;
    }
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof PpdbException known) {
        return known;
      }
    }
    if (e instanceof CalciteContextException context) {
      String message =
          context.getCause() == null
              ? String.valueOf(context.getMessage())
              : String.valueOf(context.getCause().getMessage());
      return translate(
          message, StatementParser.at(context.getPosLine(), context.getPosColumn()), e);
    }
    if (e instanceof CalciteException) {
      return translate(String.valueOf(e.getMessage()), "", e);
    }
    if (String.valueOf(e.getMessage()).startsWith("sub-query as condition")) {
      return new PpdbException(
          ErrorCode.DATATYPE_MISMATCH, "a condition must be boolean, not a row", e);
    }
    if (e instanceof UnsupportedOperationException
        && String.valueOf(e.getMessage()).contains(SqlDynamicParam.class.getName())) {
      return translate("Illegal use of dynamic parameter", "", e);
    }
    if (e instanceof UnsupportedOperationException
        && String.valueOf(e.getMessage()).contains(SqlNodeList.class.getName())) {
      return new PpdbException(
          ErrorCode.DATATYPE_MISMATCH, "a list of expressions cannot be an operand", e);
    }
    Matcher noTable = NO_TABLE_FUNCTION.matcher(String.valueOf(e.getMessage()));
    if (noTable.find()) {
      return new PpdbException(
          ErrorCode.WRONG_OBJECT_TYPE,
          "function " + noTable.group(1).toLowerCase(Locale.ROOT) + " gives no rows",
          e);
    }
    if (String.valueOf(e.getMessage()).startsWith("not a query: ")) {
      return new PpdbException(
          ErrorCode.DATATYPE_MISMATCH, "IN needs a list or a query, no expression of one", e);
    }
    return new PpdbException(
        ErrorCode.INTERNAL, "the statement cannot be planned: " + e.getMessage(), e);
  }

  private static PpdbException translate(String message, String place, RuntimeException cause) {
    PpdbException known = TypeErrors.translate(message, place, cause);
    if (known != null) {
      return known;
    }
    for (Rule rule : RULES) {
      Matcher matcher = rule.pattern.matcher(message);
      if (matcher.matches()) {
        return new PpdbException(rule.code, matcher.replaceFirst(rule.replacement) + place, cause);
      }
    }
    ErrorCode code =
        message.contains("type") ? ErrorCode.DATATYPE_MISMATCH : ErrorCode.SYNTAX_ERROR;
    return new PpdbException(code, message.lines().findFirst().orElse(message) + place, cause);
  }
}
