package io.ppdb.server.demo;

import java.io.IOException;
import java.io.Reader;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads RFC 4180 records: fields parted by commas, quoted where they hold a comma, a quote or a
 * line break. An empty field is null, {@code ""} the empty string. Not thread-safe.
 */
final class CsvReader implements AutoCloseable {
  private static final int END = -1;
  private static final int NOT_PEEKED = -2;

  private final String name;
  private final Reader reader;
  private int peeked = NOT_PEEKED;
  private int line = 1;

  /**
   * A reader.
   *
   * @param name what errors call the source
   */
  CsvReader(String name, Reader reader) {
    this.name = name;
    this.reader = reader;
  }

  /** Line of the record that {@link #next} reads next, from 1. */
  int line() {
    return line;
  }

  /** The fields of the next record, or null after the last. Empty lines are skipped. */
  @Nullable List<@Nullable String> next() throws IOException {
    while (peek() == '\n' || peek() == '\r') {
      take();
    }
    if (peek() == END) {
      return null;
    }
    List<@Nullable String> fields = new ArrayList<>();
    fields.add(field());
    while (peek() == ',') {
      take();
      fields.add(field());
    }
    if (peek() == '\r') {
      take();
    }
    if (peek() != END && take() != '\n') {
      throw new IOException(name + ", line " + line + ": a comma was expected after a quote");
    }
    return fields;
  }

  @Override
  public void close() throws IOException {
    reader.close();
  }

  private @Nullable String field() throws IOException {
    if (peek() == '"') {
      return quoted();
    }
    StringBuilder text = new StringBuilder();
    while (peek() != ',' && peek() != '\n' && peek() != '\r' && peek() != END) {
      text.append((char) take());
    }
    return text.length() == 0 ? null : text.toString();
  }

  private String quoted() throws IOException {
    int startLine = line;
    take();
    StringBuilder text = new StringBuilder();
    while (true) {
      int c = take();
      if (c == END) {
        throw new IOException(name + ", line " + startLine + ": the quote is never closed");
      }
      if (c == '"') {
        if (peek() != '"') {
          return text.toString();
        }
        take();
      }
      text.append((char) c);
    }
  }

  private int peek() throws IOException {
    if (peeked == NOT_PEEKED) {
      peeked = reader.read();
    }
    return peeked;
  }

  private int take() throws IOException {
    int c = peek();
    peeked = NOT_PEEKED;
    if (c == '\n') {
      line++;
    }
    return c;
  }
}
