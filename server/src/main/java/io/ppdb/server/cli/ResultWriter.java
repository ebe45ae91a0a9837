package io.ppdb.server.cli;

import java.io.PrintStream;
import java.sql.SQLException;

/** Writes results one after the other, each as soon as it is known. Not thread-safe. */
final class ResultWriter {
  private final OutputFormat format;
  private final PrintStream out;

  private boolean isFirst = true;

  ResultWriter(OutputFormat format, PrintStream out) {
    this.format = format;
    this.out = out;
  }

  void write(Rows rows) throws SQLException {
    if (!isFirst && format != OutputFormat.JSON) {
      out.append('\n');
    }
    isFirst = false;
    format.print(rows, out);
    out.flush();
  }
}
