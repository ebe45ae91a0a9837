package io.ppdb.relational.expr;

import org.jspecify.annotations.Nullable;

/** What functions ask about the session that runs a statement, at what the statement sees. */
public interface SessionInfo {
  /** Whose rights the statement has. */
  String currentUser();

  /** Who opened the session. */
  String sessionUser();

  /** Where new objects with a plain name go; null if no schema of the search path exists. */
  @Nullable String currentSchema();
}
