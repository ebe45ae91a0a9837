package io.ppdb.relational.copy;

import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.PpdbException;
import java.io.Reader;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Comma-separated values.
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
    Set<String> forceNull)
    implements CopyFormat {

  static CsvFormat of(CopyOptions options) {
    char delimiter = options.character("delimiter", ',');
    char quote = options.character("quote", '"');
    if (delimiter == quote) {
      throw new PpdbException(
          ErrorCode.INVALID_ARGUMENT,
          "COPY delimiter and quote must be different" + options.place());
    }
    return new CsvFormat(
        options.truth("header"),
        delimiter,
        quote,
        options.character("escape", quote),
        options.line("null", ""),
        options.columns("force_quote"),
        options.columns("force_not_null"),
        options.columns("force_null"));
  }

  @Override
  public RowReader reader(Reader source, List<String> columns) {
    return new CsvReader(source, this, columns);
  }

  @Override
  public void appendHeader(StringBuilder target, List<String> columns) {
    appendLine(target, columns, Collections.unmodifiableList(columns), false);
  }

  @Override
  public void appendRow(StringBuilder target, List<String> columns, List<@Nullable String> values) {
    appendLine(target, columns, values, true);
  }

  private void appendLine(
      StringBuilder target, List<String> columns, List<@Nullable String> values, boolean isRow) {
    for (int i = 0; i < values.size(); i++) {
      if (i > 0) {
        target.append(delimiter);
      }
      String value = values.get(i);
      if (value == null) {
        target.append(nullText);
      } else {
        append(target, value, isRow && isQuoted(columns.get(i)));
      }
    }
    target.append('\n');
  }

  private void append(StringBuilder target, String text, boolean force) {
    boolean special =
        text.equals(nullText)
            || text.indexOf(delimiter) >= 0
            || text.indexOf(quote) >= 0
            || text.indexOf('\n') >= 0
            || text.indexOf('\r') >= 0;
    if (!force && !special) {
      target.append(text);
      return;
    }
    target.append(quote);
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == quote || c == escape) {
        target.append(escape);
      }
      target.append(c);
    }
    target.append(quote);
  }

  private boolean isQuoted(String column) {
    return forceQuote.contains("*") || forceQuote.contains(column);
  }

  /** Whether a value of a column is NULL. */
  boolean isNull(String text, boolean quoted, String column) {
    if (!text.equals(nullText)) {
      return false;
    }
    return quoted ? forceNull.contains(column) : !forceNotNull.contains(column);
  }
}
