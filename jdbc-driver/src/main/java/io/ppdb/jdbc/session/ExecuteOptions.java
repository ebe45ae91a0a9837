package io.ppdb.jdbc.session;

import java.util.List;

/** The limits of one execution. Immutable. */
public final class ExecuteOptions {
  /** No limits, nothing returned. */
  public static final ExecuteOptions DEFAULT = new ExecuteOptions(0, 0, List.of());

  private final long maxRows;
  private final int fetchSize;
  private final List<String> returning;

  /**
   * Limits.
   *
   * @param maxRows rows after which a result ends, 0 for no limit
   * @param fetchSize hint for the rows of a batch, 0 for the database's choice
   * @param returning columns of changed rows to hand back as generated keys; one {@code "*"} for
   *     those the database chooses
   */
  public ExecuteOptions(long maxRows, int fetchSize, List<String> returning) {
    this.maxRows = maxRows;
    this.fetchSize = fetchSize;
    this.returning = List.copyOf(returning);
  }

  public long maxRows() {
    return maxRows;
  }

  public int fetchSize() {
    return fetchSize;
  }

  public List<String> returning() {
    return returning;
  }
}
