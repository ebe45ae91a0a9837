package io.ppdb.relational;

import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.PpdbException;
import io.ppdb.relational.parser.CopyNode;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlLiteral;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;

/**
 * How COPY writes and reads rows: its options.
 *
 * @param nullText what stands for NULL, without quotes
 * @param forceQuote columns whose values always have quotes; "*" means all
 * @param forceNotNull columns in which {@code nullText} is no NULL
 * @param forceNull columns in which it is one with quotes too
 */
record CsvFormat(
    boolean hasHeader,
    char delimiter,
    char quote,
    char escape,
    String nullText,
    Set<String> forceQuote,
    Set<String> forceNotNull,
    Set<String> forceNull) {

  static CsvFormat of(CopyNode copy) {
    Map<String, SqlNode> options = copy.options();
    for (String name : options.keySet()) {
      switch (name) {
        case "csv",
            "format",
            "header",
            "delimiter",
            "quote",
            "escape",
            "null",
            "encoding",
            "force_quote",
            "force_not_null",
            "force_null" -> {}
        default ->
            throw new PpdbException(
                ErrorCode.SYNTAX_ERROR,
                "option \"" + name + "\" of COPY not recognized" + SqlTrees.at(copy));
      }
    }
    String format = options.containsKey("csv") ? "csv" : text(options, "format", "text");
    if (!format.equalsIgnoreCase("csv")) {
      throw new PpdbException(
          ErrorCode.NOT_SUPPORTED,
          "COPY in format \""
              + format
              + "\" is not supported: say (FORMAT csv)"
              + SqlTrees.at(copy));
    }
    String encoding = text(options, "encoding", "UTF8");
    if (!encoding.replace("-", "").equalsIgnoreCase("UTF8")) {
      throw new PpdbException(ErrorCode.NOT_SUPPORTED, "encoding \"" + encoding + "\" of COPY");
    }
    char delimiter = character(options, "delimiter", ',');
    char quote = character(options, "quote", '"');
    if (delimiter == quote) {
      throw new PpdbException(
          ErrorCode.INVALID_ARGUMENT, "COPY delimiter and quote must be different");
    }
    return new CsvFormat(
        truth(options, "header"),
        delimiter,
        quote,
        character(options, "escape", quote),
        text(options, "null", ""),
        columns(options, "force_quote"),
        columns(options, "force_not_null"),
        columns(options, "force_null"));
  }

  private static String text(Map<String, SqlNode> options, String name, String otherwise) {
    SqlNode value = options.get(name);
    if (value == null) {
      return otherwise;
    }
    String text = value instanceof SqlLiteral literal ? literal.toValue() : value.toString();
    return text == null ? "" : text;
  }

  private static char character(Map<String, SqlNode> options, String name, char otherwise) {
    String text = text(options, name, String.valueOf(otherwise));
    if (text.length() != 1 || text.equals("\n") || text.equals("\r")) {
      throw new PpdbException(
          ErrorCode.INVALID_ARGUMENT,
          "COPY " + name + " must be a single character, seen \"" + text + "\"");
    }
    return text.charAt(0);
  }

  private static boolean truth(Map<String, SqlNode> options, String name) {
    return switch (text(options, name, "false").toLowerCase(Locale.ROOT)) {
      case "true", "on", "1" -> true;
      case "false", "off", "0" -> false;
      default ->
          throw new PpdbException(ErrorCode.INVALID_ARGUMENT, name + " requires a Boolean value");
    };
  }

  private static Set<String> columns(Map<String, SqlNode> options, String name) {
    Set<String> names = new HashSet<>();
    SqlNode value = options.get(name);
    if (value instanceof SqlNodeList list) {
      list.forEach(column -> names.add(((SqlIdentifier) column).getSimple()));
    } else if (value != null) {
      names.add("*");
    }
    return names;
  }

  boolean isQuoted(String column) {
    return forceQuote.contains("*") || forceQuote.contains(column);
  }
}
