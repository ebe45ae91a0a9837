package io.ppdb.server.cli;

import java.io.PrintStream;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** RFC 4180 with line feeds; NULL is an empty field, the empty string is {@code ""}. */
final class CsvFormat {
  private CsvFormat() {}

  static void print(Rows rows, PrintStream out) throws SQLException {
    List<Rows.Column> columns = rows.columns();
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < columns.size(); i++) {
      separate(line, i);
      appendField(line, columns.get(i).label());
    }
    out.append(line).append('\n');
    for (@Nullable Object[] row = rows.next(); row != null; row = rows.next()) {
      line.setLength(0);
      for (int i = 0; i < row.length; i++) {
        separate(line, i);
        Object value = row[i];
        if (value != null) {
          appendField(line, JsonFormat.textOf(value));
        }
      }
      out.append(line).append('\n');
    }
  }

  private static void separate(StringBuilder line, int column) {
    if (column > 0) {
      line.append(',');
    }
  }

  private static void appendField(StringBuilder line, String field) {
    if (!needsQuotes(field)) {
      line.append(field);
      return;
    }
    line.append('"');
    for (int i = 0; i < field.length(); i++) {
      char c = field.charAt(i);
      if (c == '"') {
        line.append('"');
      }
      line.append(c);
    }
    line.append('"');
  }

  private static boolean needsQuotes(String field) {
    for (int i = 0; i < field.length(); i++) {
      char c = field.charAt(i);
      if (c == ',' || c == '"' || c == '\n' || c == '\r') {
        return true;
      }
    }
    return field.isEmpty();
  }
}
