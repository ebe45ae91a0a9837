package io.ppdb.relational.planner;

import io.ppdb.relational.expr.SessionInfo;
import org.jspecify.annotations.Nullable;

/** A session that is nobody's, for expressions that are only looked at. */
final class NoSession implements SessionInfo {
  @Override
  public String currentUser() {
    return "";
  }

  @Override
  public String sessionUser() {
    return "";
  }

  @Override
  public @Nullable String currentSchema() {
    return null;
  }
}
