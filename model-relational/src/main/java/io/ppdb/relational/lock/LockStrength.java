package io.ppdb.relational.lock;

/** How strongly a row is locked: what it keeps others from doing to it. */
public enum LockStrength {
  /** Nobody deletes the row or changes its key. */
  KEY_SHARE("FOR KEY SHARE"),
  /** Nobody changes the row. */
  SHARE("FOR SHARE"),
  /** Nobody else changes the row or keeps it from being changed; others may refer to it. */
  NO_KEY_UPDATE("FOR NO KEY UPDATE"),
  /** Nobody else changes the row, keeps it from being changed or refers to it. */
  UPDATE("FOR UPDATE");

  private final String clause;

  LockStrength(String clause) {
    this.clause = clause;
  }

  /** What a query says to lock so. */
  public String clause() {
    return clause;
  }

  /** Whether two transactions may not have a row locked so at the same time. */
  public boolean conflictsWith(LockStrength other) {
    return switch (this) {
      case KEY_SHARE -> other == UPDATE;
      case SHARE -> other == NO_KEY_UPDATE || other == UPDATE;
      case NO_KEY_UPDATE -> other != KEY_SHARE;
      case UPDATE -> true;
    };
  }
}
