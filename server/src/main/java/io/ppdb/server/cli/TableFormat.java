package io.ppdb.server.cli;

import java.io.PrintStream;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Aligned columns and a row count.
 *
 * <pre>
 *  city   | flights
 * --------+---------
 *  Boston |     120
 * (1 row)
 * </pre>
 *
 * <p>NULL is an empty cell; control characters are shown as escapes, so that a row is a line.
 */
final class TableFormat {
  private TableFormat() {}

  static void print(Rows rows, PrintStream out) throws SQLException {
    List<Rows.Column> columns = rows.columns();
    int[] widths = new int[columns.size()];
    List<String[]> lines = new ArrayList<>();
    for (int i = 0; i < widths.length; i++) {
      widths[i] = width(columns.get(i).label());
    }
    for (@Nullable Object[] row = rows.next(); row != null; row = rows.next()) {
      String[] cells = new String[widths.length];
      for (int i = 0; i < cells.length; i++) {
        Object value = row[i];
        cells[i] = value == null ? "" : escape(JsonFormat.textOf(value));
        widths[i] = Math.max(widths[i], width(cells[i]));
      }
      lines.add(cells);
    }

    StringBuilder line = new StringBuilder();
    for (int i = 0; i < widths.length; i++) {
      line.append(i == 0 ? " " : "| ");
      pad(line, columns.get(i).label(), widths[i], /* flushRight= */ false);
      line.append(' ');
    }
    out.append(line.toString().stripTrailing()).append('\n');
    line.setLength(0);
    for (int i = 0; i < widths.length; i++) {
      line.append(i == 0 ? "" : "+").append("-".repeat(widths[i] + 2));
    }
    out.append(line).append('\n');
    for (String[] cells : lines) {
      line.setLength(0);
      for (int i = 0; i < widths.length; i++) {
        line.append(i == 0 ? " " : "| ");
        pad(line, cells[i], widths[i], columns.get(i).isNumeric());
        line.append(' ');
      }
      out.append(line.toString().stripTrailing()).append('\n');
    }
    out.append("(" + lines.size() + (lines.size() == 1 ? " row)\n" : " rows)\n"));
  }

  private static void pad(StringBuilder line, String text, int width, boolean flushRight) {
    String padding = " ".repeat(width - width(text));
    line.append(flushRight ? padding + text : text + padding);
  }

  private static int width(String text) {
    return text.codePointCount(0, text.length());
  }

  private static String escape(String text) {
    StringBuilder escaped = null;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (!Character.isISOControl(c)) {
        if (escaped != null) {
          escaped.append(c);
        }
        continue;
      }
      if (escaped == null) {
        escaped = new StringBuilder(text.substring(0, i));
      }
      switch (c) {
        case '\n' -> escaped.append("\\n");
        case '\r' -> escaped.append("\\r");
        case '\t' -> escaped.append("\\t");
        default -> escaped.append(String.format("\\u%04x", (int) c));
      }
    }
    return escaped == null ? text : escaped.toString();
  }
}
