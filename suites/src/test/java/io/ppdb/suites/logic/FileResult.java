package io.ppdb.suites.logic;

import java.util.List;

/** What came of one file of the suite. */
record FileResult(
    String file, int statementCount, int queryCount, List<Failure> failures, long nanos) {

  /** One record that was not answered as the file asks for. */
  record Failure(String file, String sql, String reason) {}

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
