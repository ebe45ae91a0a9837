package io.ppdb.relational.lock;

/** What becomes of a row that somebody else has locked. */
public enum LockWait {
  /** It is waited for. */
  WAIT(""),
  /** The statement fails. */
  NOWAIT(" nowait"),
  /** The row is left out. */
  SKIP_LOCKED(" skip locked");

  private final String clause;

  LockWait(String clause) {
    this.clause = clause;
  }

  /** What a query says behind the strength, with a space before it; empty for {@link #WAIT}. */
  public String clause() {
    return clause;
  }
}
