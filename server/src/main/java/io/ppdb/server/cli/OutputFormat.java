package io.ppdb.server.cli;

import java.io.PrintStream;
import java.sql.SQLException;

/** How results are written. */
enum OutputFormat {
  /** Aligned columns for people. */
  TABLE {
    @Override
    void print(Rows rows, PrintStream out) throws SQLException {
      TableFormat.print(rows, out);
    }
  },
  /** A header line, RFC 4180 quoting; an empty field is NULL, {@code ""} the empty string. */
  CSV {
    @Override
    void print(Rows rows, PrintStream out) throws SQLException {
      CsvFormat.print(rows, out);
    }
  },
  /** One array of objects per result. */
  JSON {
    @Override
    void print(Rows rows, PrintStream out) throws SQLException {
      JsonFormat.print(rows, out);
    }
  };

  /** Writes one result; CSV results are set apart by an empty line, which the caller writes. */
  abstract void print(Rows rows, PrintStream out) throws SQLException;
}
