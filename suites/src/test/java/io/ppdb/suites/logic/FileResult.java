package io.ppdb.suites.logic;

import java.util.List;

/**
 * What came of one file of the suite.
 *
 * @param skippedCount queries that the sample leaves out
 */
record FileResult(
    String file,
    int statementCount,
    int queryCount,
    int skippedCount,
    List<Failure> failures,
    long nanos) {

  /** One record that was not answered as the file asks for. */
  record Failure(String file, String sql, String reason) {
    /** In one line. */
    @Override
    public String toString() {
      return file + ": " + sql.strip().replaceAll("\\s+", " ") + " -- " + reason;
    }
  }

  /** Records that were run. */
  int recordCount() {
    return statementCount + queryCount;
  }

  /** The directory below {@code test} that the file belongs to; each of select1 to 5 is its own. */
  String group() {
    String path = file.substring(file.indexOf("test/") + "test/".length());
    int slash = path.indexOf('/');
    return slash < 0 ? path.replace(".test", "") : path.substring(0, slash);
  }
}
