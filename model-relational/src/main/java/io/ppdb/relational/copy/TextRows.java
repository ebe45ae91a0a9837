package io.ppdb.relational.copy;

import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.PpdbException;
import java.io.Reader;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * PostgreSQL's own format: a line for each row, values between tabs, with {@code \} before what
 * would be taken for something else.
 *
 * @param nullText what stands for NULL, before escapes are read
 */
record TextRows(boolean hasHeader, char delimiter, String nullText) implements CopyFormat {
  /** Characters that would be parts of an escape or of the end. */
  private static final String NO_DELIMITERS = "\\.abcdefghijklmnopqrstuvwxyz0123456789";

  static TextRows of(CopyOptions options) {
    options.refuse("text", "quote", "escape", "force_quote", "force_not_null", "force_null");
    char delimiter = options.character("delimiter", '\t');
    if (NO_DELIMITERS.indexOf(delimiter) >= 0) {
      throw new PpdbException(
          ErrorCode.INVALID_ARGUMENT,
          "COPY delimiter cannot be \"" + delimiter + "\"" + options.place());
    }
    String nullText = options.line("null", "\\N");
    if (nullText.indexOf(delimiter) >= 0) {
      throw new PpdbException(
          ErrorCode.INVALID_ARGUMENT,
          "COPY delimiter must not appear in the NULL specification" + options.place());
    }
    return new TextRows(options.truth("header"), delimiter, nullText);
  }

  @Override
  public RowReader reader(Reader source, List<String> columns) {
    return new TextRowReader(source, this);
  }

  @Override
  public void appendHeader(StringBuilder target, List<String> columns) {
    for (int i = 0; i < columns.size(); i++) {
      if (i > 0) {
        target.append(delimiter);
      }
      append(target, columns.get(i));
    }
    target.append('\n');
  }

  @Override
  public void appendRow(StringBuilder target, List<String> columns, List<@Nullable String> values) {
    for (int i = 0; i < values.size(); i++) {
      if (i > 0) {
        target.append(delimiter);
      }
      String value = values.get(i);
      if (value == null) {
        target.append(nullText);
      } else {
        append(target, value);
      }
    }
    target.append('\n');
  }

  private void append(StringBuilder target, String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '\b' -> target.append("\\b");
        case '\f' -> target.append("\\f");
        case '\n' -> target.append("\\n");
        case '\r' -> target.append("\\r");
        case '\t' -> target.append("\\t");
        case '\013' -> target.append("\\v");
        case '\\' -> target.append("\\\\");
        default -> {
          if (c == delimiter) {
            target.append('\\');
          }
          target.append(c);
        }
      }
    }
  }
}
