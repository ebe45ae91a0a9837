package io.ppdb.jdbc.session;

/** The limits of one execution. Immutable. */
public final class ExecuteOptions {
  /** No limits. */
  public static final ExecuteOptions DEFAULT = new ExecuteOptions(0, 0);

  private final long maxRows;
  private final int fetchSize;

  /**
   * Limits.
   *
   * @param maxRows rows after which a result ends, 0 for no limit
   * @param fetchSize hint for the rows of a batch, 0 for the database's choice
   */
  public ExecuteOptions(long maxRows, int fetchSize) {
    this.maxRows = maxRows;
    this.fetchSize = fetchSize;
  }

  public long maxRows() {
    return maxRows;
  }

  public int fetchSize() {
    return fetchSize;
  }
}
