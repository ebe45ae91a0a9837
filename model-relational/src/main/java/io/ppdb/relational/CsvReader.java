package io.ppdb.relational;

import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.PpdbException;
import java.io.IOException;
import java.io.Reader;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads records of comma-separated values. Used by one thread. */
final class CsvReader {
  private static final int END = -1;
  private static final int NOTHING = -2;

  private final Reader source;
  private final CsvFormat format;
  private int pushedBack = NOTHING;
  private long line = 1;
  private long recordLine = 1;

  CsvReader(Reader source, CsvFormat format) {
    this.source = source;
    this.format = format;
  }

  /** A value as it stands in the text. */
  record Cell(String text, boolean isQuoted) {}

  /** The line that the record read last begins in. */
  long recordLine() {
    return recordLine;
  }

  /** The next record, or null at the end. */
  @Nullable List<Cell> next() {
    recordLine = line;
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
            "unterminated CSV quoted field (line " + recordLine + ")");
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
