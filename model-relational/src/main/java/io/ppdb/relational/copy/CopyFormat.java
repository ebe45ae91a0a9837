package io.ppdb.relational.copy;

import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.PpdbException;
import io.ppdb.relational.parser.CopyNode;
import java.io.Reader;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How the rows of a COPY stand in their text. Immutable. */
public interface CopyFormat {
  /** The format that a statement asks for: PostgreSQL's own unless it says another. */
  static CopyFormat of(CopyNode copy) {
    CopyOptions options = new CopyOptions(copy);
    String name = options.isGiven("csv") ? "csv" : options.text("format", "text");
    return switch (name) {
      case "csv" -> CsvFormat.of(options);
      case "text" -> TextRows.of(options);
      default ->
          throw new PpdbException(
              ErrorCode.NOT_SUPPORTED,
              "COPY format \"" + name + "\" is not known; expected csv or text" + options.place());
    };
  }

  /** Whether the first line has the names of the columns. */
  boolean hasHeader();

  /**
   * A reader of rows.
   *
   * @param columns the names of the columns that a row should have
   */
  RowReader reader(Reader source, List<String> columns);

  /** Appends the line of the columns' names, with its end. */
  void appendHeader(StringBuilder target, List<String> columns);

  /**
   * Appends the line of a row, with its end.
   *
   * @param values as text, null for NULL
   */
  void appendRow(StringBuilder target, List<String> columns, List<@Nullable String> values);
}
