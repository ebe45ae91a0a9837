package io.ppdb.server.postgres;

/** An error with the text that it is about. */
final class StatementFailure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final Throwable failure;
  private final String sql;
  private final int offset;

  /**
   * @param sql what the client sent
   * @param offset where in it the statement begins
   */
  StatementFailure(Throwable failure, String sql, int offset) {
    super(null, failure, false, false);
    this.failure = failure;
    this.sql = sql;
    this.offset = offset;
  }

  @Override
  public synchronized Throwable getCause() {
    return failure;
  }

  String sql() {
    return sql;
  }

  int offset() {
    return offset;
  }
}
