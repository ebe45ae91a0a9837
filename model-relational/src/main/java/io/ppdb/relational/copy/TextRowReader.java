package io.ppdb.relational.copy;

import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.PpdbException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.Reader;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads rows in PostgreSQL's text format. */
final class TextRowReader implements RowReader {
  private static final int END = -1;

  private final Reader source;
  private final TextRows format;
  private final StringBuilder line = new StringBuilder();
  private int next = END;
  private boolean hasNext;
  private long nextLine = 1;
  private long rowLine = 1;

  TextRowReader(Reader source, TextRows format) {
    this.source = source;
    this.format = format;
  }

  @Override
  public long line() {
    return rowLine;
  }

  @Override
  public @Nullable List<@Nullable String> next() {
    rowLine = nextLine;
    if (!readLine() || line.toString().equals("\\.")) {
      return null;
    }
    List<@Nullable String> values = new ArrayList<>();
    int start = 0;
    boolean escapes = false;
    for (int i = 0; i <= line.length(); i++) {
      if (i == line.length() || line.charAt(i) == format.delimiter()) {
        String text = line.substring(start, i);
        values.add(text.equals(format.nullText()) ? null : escapes ? unescaped(text) : text);
        start = i + 1;
        escapes = false;
      } else if (line.charAt(i) == '\\') {
        escapes = true;
        i++;
      }
    }
    return values;
  }

  /** Reads a line, which an end of line behind {@code \} does not end; whether there was one. */
  private boolean readLine() {
    line.setLength(0);
    int c = read();
    if (c == END) {
      return false;
    }
    while (c != END && c != '\n' && c != '\r') {
      line.append((char) c);
      if (c == '\\') {
        c = read();
        if (c == END) {
          break;
        }
        line.append((char) c);
        nextLine += c == '\n' ? 1 : 0;
      }
      c = read();
    }
    if (c == '\r') {
      c = read();
      if (c != '\n') {
        next = c;
        hasNext = true;
      }
    }
    nextLine++;
    return true;
  }

  private int read() {
    if (hasNext) {
      hasNext = false;
      return next;
    }
    try {
      return source.read();
    } catch (IOException e) {
      throw new PpdbException(ErrorCode.IO_ERROR, "could not read from COPY's source", e);
    }
  }

  private String unescaped(String text) {
    StringBuilder result = new StringBuilder();
    int at = 0;
    while (at < text.length()) {
      char c = text.charAt(at++);
      if (c != '\\' || at == text.length()) {
        result.append(c);
        continue;
      }
      if (isByte(text, at - 1)) {
        at = appendBytes(text, at - 1, result);
        continue;
      }
      c = text.charAt(at++);
      result.append(
          switch (c) {
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'v' -> '\013';
            default -> c;
          });
    }
    return result.toString();
  }

  /** Whether a byte by its number stands at {@code at}: {@code \101} or {@code \x41}. */
  private static boolean isByte(String text, int at) {
    if (at + 1 >= text.length() || text.charAt(at) != '\\') {
      return false;
    }
    char c = text.charAt(at + 1);
    return Character.digit(c, 8) >= 0
        || (c == 'x' && at + 2 < text.length() && Character.digit(text.charAt(at + 2), 16) >= 0);
  }

  /** Appends the characters of bytes that stand one after the other; where they end. */
  private int appendBytes(String text, int start, StringBuilder target) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    int at = start;
    while (isByte(text, at)) {
      boolean hex = text.charAt(at + 1) == 'x';
      int digits = at + (hex ? 2 : 1);
      int end = digits;
      int value = 0;
      int radix = hex ? 16 : 8;
      while (end < text.length()
          && end < digits + (hex ? 2 : 3)
          && Character.digit(text.charAt(end), radix) >= 0) {
        value = value * radix + Character.digit(text.charAt(end), radix);
        end++;
      }
      bytes.write(value);
      at = end;
    }
    try {
      target.append(
          StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes.toByteArray())));
    } catch (CharacterCodingException e) {
      throw new PpdbException(
          ErrorCode.INVALID_TEXT_REPRESENTATION,
          "invalid byte sequence for encoding \"UTF8\": "
              + text.substring(start, at)
              + " (line "
              + rowLine
              + ")",
          e);
    }
    return at;
  }
}
