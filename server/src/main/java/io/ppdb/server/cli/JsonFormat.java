package io.ppdb.server.cli;

import java.io.PrintStream;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * JSON: numbers and booleans as such, maps as objects, collections as arrays, everything else as
 * the string that SQL would write. A column label that occurs again gets a number, {@code id_2}: an
 * object keeps each key once.
 */
final class JsonFormat {
  private JsonFormat() {}

  static void print(Rows rows, PrintStream out) throws SQLException {
    List<String> keys = keys(rows.columns());
    StringBuilder line = new StringBuilder("[");
    boolean isFirst = true;
    for (@Nullable Object[] row = rows.next(); row != null; row = rows.next()) {
      line.append(isFirst ? "\n {" : ",\n {");
      isFirst = false;
      for (int i = 0; i < row.length; i++) {
        line.append(i == 0 ? "" : ",");
        appendString(line, keys.get(i));
        line.append(':');
        append(line, row[i]);
      }
      out.append(line.append('}'));
      line.setLength(0);
    }
    out.append(line).append(isFirst ? "]\n" : "\n]\n");
  }

  /** Text of a value in the other formats: maps and collections as JSON, the rest as SQL. */
  static String textOf(Object value) {
    if (value instanceof Map || value instanceof Iterable) {
      StringBuilder json = new StringBuilder();
      append(json, value);
      return json.toString();
    }
    return ValueText.of(value);
  }

  private static List<String> keys(List<Rows.Column> columns) {
    List<String> keys = new ArrayList<>();
    for (Rows.Column column : columns) {
      String key = column.label();
      for (int count = 2; keys.contains(key); count++) {
        key = column.label() + "_" + count;
      }
      keys.add(key);
    }
    return keys;
  }

  private static void append(StringBuilder json, @Nullable Object value) {
    if (value == null || value instanceof Boolean) {
      json.append(value);
    } else if (value instanceof Number number && isFinite(number)) {
      json.append(ValueText.of(number));
    } else if (value instanceof Map<?, ?> map) {
      json.append('{');
      String separator = "";
      for (Map.Entry<?, ?> entry : map.entrySet()) {
        json.append(separator);
        separator = ",";
        appendString(json, String.valueOf(entry.getKey()));
        json.append(':');
        append(json, entry.getValue());
      }
      json.append('}');
    } else if (value instanceof Iterable<?> values) {
      json.append('[');
      String separator = "";
      for (Object each : values) {
        json.append(separator);
        separator = ",";
        append(json, each);
      }
      json.append(']');
    } else {
      appendString(json, ValueText.of(value));
    }
  }

  private static boolean isFinite(Number number) {
    return !(number instanceof Double || number instanceof Float)
        || Double.isFinite(number.doubleValue());
  }

  private static void appendString(StringBuilder json, String text) {
    json.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '"' -> json.append("\\\"");
        case '\\' -> json.append("\\\\");
        case '\n' -> json.append("\\n");
        case '\r' -> json.append("\\r");
        case '\t' -> json.append("\\t");
        default -> {
          if (c < 0x20) {
            json.append(String.format("\\u%04x", (int) c));
          } else {
            json.append(c);
          }
        }
      }
    }
    json.append('"');
  }
}
