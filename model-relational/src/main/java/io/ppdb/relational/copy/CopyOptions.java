package io.ppdb.relational.copy;

import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.PpdbException;
import io.ppdb.relational.parser.CopyNode;
import io.ppdb.relational.parser.StatementParser;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlLiteral;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.parser.SqlParserPos;

/** The options of a COPY, of which none is unknown. */
final class CopyOptions {
  private static final Set<String> NAMES =
      Set.of(
          "csv",
          "format",
          "header",
          "delimiter",
          "quote",
          "escape",
          "null",
          "encoding",
          "force_quote",
          "force_not_null",
          "force_null");

  private final Map<String, SqlNode> options;
  private final SqlParserPos position;

  CopyOptions(CopyNode copy) {
    this.options = copy.options();
    this.position = copy.getParserPosition();
    for (String name : options.keySet()) {
      if (!NAMES.contains(name)) {
        throw new PpdbException(
            ErrorCode.SYNTAX_ERROR, "option \"" + name + "\" of COPY not recognized" + place());
      }
    }
    String encoding = text("encoding", "UTF8");
    if (!encoding.replace("-", "").equalsIgnoreCase("UTF8")) {
      throw new PpdbException(
          ErrorCode.NOT_SUPPORTED, "encoding \"" + encoding + "\" of COPY" + place());
    }
  }

  /** Where the statement is, as errors say it. */
  String place() {
    return StatementParser.at(position.getLineNum(), position.getColumnNum());
  }

  boolean isGiven(String name) {
    return options.containsKey(name);
  }

  /** Refuses options that belong to another format. */
  void refuse(String format, String... names) {
    for (String name : names) {
      if (isGiven(name)) {
        throw new PpdbException(
            ErrorCode.NOT_SUPPORTED,
            "option \"" + name + "\" of COPY is not for format " + format + place());
      }
    }
  }

  String text(String name, String otherwise) {
    SqlNode value = options.get(name);
    if (value == null) {
      return otherwise;
    }
    String text = value instanceof SqlLiteral literal ? literal.toValue() : value.toString();
    return text == null ? "" : text;
  }

  /** A text without ends of lines. */
  String line(String name, String otherwise) {
    String text = text(name, otherwise);
    if (text.indexOf('\n') >= 0 || text.indexOf('\r') >= 0) {
      throw new PpdbException(
          ErrorCode.INVALID_ARGUMENT,
          "COPY " + name + " must not have a newline or carriage return" + place());
    }
    return text;
  }

  char character(String name, char otherwise) {
    String text = text(name, String.valueOf(otherwise));
    if (text.length() != 1 || text.equals("\n") || text.equals("\r")) {
      throw new PpdbException(
          ErrorCode.INVALID_ARGUMENT,
          "COPY " + name + " must be a single character, seen \"" + text + "\"" + place());
    }
    return text.charAt(0);
  }

  boolean truth(String name) {
    return switch (text(name, "false").toLowerCase(Locale.ROOT)) {
      case "true", "on", "1" -> true;
      case "false", "off", "0" -> false;
      default ->
          throw new PpdbException(
              ErrorCode.INVALID_ARGUMENT, name + " requires a Boolean value" + place());
    };
  }

  /** The columns of a list, "*" for all. */
  Set<String> columns(String name) {
    Set<String> names = new HashSet<>();
    SqlNode value = options.get(name);
    if (value instanceof SqlNodeList list) {
      list.forEach(column -> names.add(((SqlIdentifier) column).getSimple()));
    } else if (value != null) {
      names.add("*");
    }
    return names;
  }
}
