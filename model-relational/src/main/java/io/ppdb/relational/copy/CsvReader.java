package io.ppdb.relational.copy;

import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.PpdbException;
import java.io.IOException;
import java.io.Reader;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads rows of comma-separated values. */
final class CsvReader implements RowReader {
  private static final int END = -1;
  private static final int NOTHING = -2;

  private final Reader source;
  private final CsvFormat format;
  private final List<String> columns;
  private int pushedBack = NOTHING;
  private long line = 1;
  private long rowLine = 1;

  CsvReader(Reader source, CsvFormat format, List<String> columns) {
    this.source = source;
    this.format = format;
    this.columns = columns;
  }

  /** A value as it stands in the text. */
  private record Cell(String text, boolean isQuoted) {}

  @Override
  public long line() {
    return rowLine;
  }

  @Override
  public @Nullable List<@Nullable String> next() {
    List<Cell> cells = cells();
    if (cells == null || isEndMarker(cells)) {
      return null;
    }
    List<@Nullable String> values = new ArrayList<>();
    for (int i = 0; i < cells.size(); i++) {
      Cell cell = cells.get(i);
      boolean isNull =
          i < columns.size() && format.isNull(cell.text(), cell.isQuoted(), columns.get(i));
      values.add(isNull ? null : cell.text());
    }
    return values;
  }

  /** Whether this is {@code \.} on a line by itself, with which rows may end. */
  private static boolean isEndMarker(List<Cell> cells) {
    return cells.size() == 1 && !cells.get(0).isQuoted() && cells.get(0).text().equals("\\.");
  }

  /** What stands in the next row, or null at the end. */
  private @Nullable List<Cell> cells() {
    rowLine = line;
    int c = read();
    if (c == END) {
      return null;
    }
    pushedBack = c;
    List<Cell> cells = new ArrayList<>();
    do {
      cells.add(cell());
      c = read();
    } while (c == format.delimiter());
    if (c == '\r') {
      c = read();
      if (c != '\n') {
        pushedBack = c;
      }
    }
    line++;
    return cells;
  }

  private Cell cell() {
    StringBuilder text = new StringBuilder();
    boolean quoted = false;
    while (true) {
      int c = read();
      if (c == format.quote()) {
        quoted = true;
        readQuoted(text);
      } else if (c == END || c == format.delimiter() || c == '\n' || c == '\r') {
        pushedBack = c;
        return new Cell(text.toString(), quoted);
      } else {
        text.append((char) c);
      }
    }
  }

  private void readQuoted(StringBuilder text) {
    while (true) {
      int c = read();
      if (c == END) {
        throw new PpdbException(
            ErrorCode.INVALID_TEXT_REPRESENTATION,
            "unterminated CSV quoted field (line " + rowLine + ")");
      }
      if (c == format.escape()) {
        int next = read();
        if (next == format.quote() || next == format.escape()) {
          text.append((char) next);
          continue;
        }
        pushedBack = next;
        if (c != format.quote()) {
          text.append((char) c);
          continue;
        }
        return;
      }
      if (c == format.quote()) {
        return;
      }
      line += c == '\n' ? 1 : 0;
      text.append((char) c);
    }
  }

  private int read() {
    if (pushedBack != NOTHING) {
      int c = pushedBack;
      pushedBack = NOTHING;
      return c;
    }
    try {
      return source.read();
    } catch (IOException e) {
      throw new PpdbException(ErrorCode.IO_ERROR, "could not read from COPY's source", e);
    }
  }
}
