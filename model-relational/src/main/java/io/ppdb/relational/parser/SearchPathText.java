package io.ppdb.relational.parser;

import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.PpdbException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlLiteral;
import org.apache.calcite.sql.SqlNode;

/** A list of schemas as {@code SET search_path} has it: {@code a, "B c"}. */
public final class SearchPathText {
  private static final String SIMPLE = "[a-z_][a-z0-9_$]*";

  private SearchPathText() {}

  /** The list whose items are names or literals, each of which means one name, as one word. */
  public static SqlNode of(List<SqlNode> items) {
    List<String> names =
        items.stream()
            .map(
                item ->
                    item instanceof SqlLiteral literal
                        ? literal.getValueAs(String.class)
                        : ((SqlIdentifier) item).getSimple())
            .toList();
    return new SqlIdentifier(format(names), items.get(0).getParserPosition());
  }

  /** The names in {@code text}, those without quotes in lower case. */
  public static List<String> parse(String text) {
    List<String> names = new ArrayList<>();
    if (text.isBlank()) {
      return names;
    }
    int position = 0;
    do {
      position = skipBlanks(text, position);
      StringBuilder name = new StringBuilder();
      boolean isQuoted = position < text.length() && text.charAt(position) == '"';
      if (isQuoted) {
        position = readQuoted(text, position + 1, name);
      } else {
        int comma = text.indexOf(',', position);
        int end = comma < 0 ? text.length() : comma;
        name.append(text.substring(position, end).strip().toLowerCase(Locale.ROOT));
        position = end;
      }
      position = skipBlanks(text, position);
      boolean goesOn = position == text.length() || text.charAt(position) == ',';
      if (!goesOn || (name.isEmpty() && !isQuoted)) {
        throw invalid(text);
      }
      names.add(name.toString());
      position++;
    } while (position <= text.length());
    return names;
  }

  private static int skipBlanks(String text, int from) {
    int position = from;
    while (position < text.length() && Character.isWhitespace(text.charAt(position))) {
      position++;
    }
    return position;
  }

  /** Appends what stands in quotes, of which two mean one; the position behind the last. */
  private static int readQuoted(String text, int from, StringBuilder name) {
    for (int i = from; i < text.length(); i++) {
      if (text.charAt(i) != '"') {
        name.append(text.charAt(i));
      } else if (i + 1 < text.length() && text.charAt(i + 1) == '"') {
        name.append('"');
        i++;
      } else {
        return i + 1;
      }
    }
    throw invalid(text);
  }

  /** The text that {@link #parse} makes {@code names} of. */
  public static String format(List<String> names) {
    return names.stream().map(SearchPathText::quoted).collect(Collectors.joining(", "));
  }

  private static String quoted(String name) {
    return name.matches(SIMPLE) ? name : '"' + name.replace("\"", "\"\"") + '"';
  }

  private static PpdbException invalid(String text) {
    return new PpdbException(
        ErrorCode.INVALID_ARGUMENT,
        "invalid value for parameter \"search_path\": \""
            + text
            + "\"; expected names of schemas, separated by commas");
  }
}
