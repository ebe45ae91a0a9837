package io.ppdb.relational.planner;

import io.ppdb.relational.access.Role;
import io.ppdb.relational.expr.SessionInfo;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A session that is nobody's, for expressions that are only looked at. */
final class NoSession implements SessionInfo {
  @Override
  public long currentRole() {
    return Role.PUBLIC;
  }

  @Override
  public String currentUser() {
    return "";
  }

  @Override
  public String sessionUser() {
    return "";
  }

  @Override
  public boolean hasPrivilege(String type, List<String> arguments) {
    return false;
  }

  @Override
  public @Nullable String currentSchema() {
    return null;
  }
}
