package io.ppdb.relational.copy;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads the rows of a COPY from their text. Used by one thread. */
public interface RowReader {
  /**
   * The values of the next row as text, null for NULL; null at the end of the rows.
   *
   * @throws io.ppdb.kv.PpdbException INVALID_TEXT_REPRESENTATION if the text is not of the format
   */
  @Nullable List<@Nullable String> next();

  /** The line, from 1, that the row read last begins in. */
  long line();
}
