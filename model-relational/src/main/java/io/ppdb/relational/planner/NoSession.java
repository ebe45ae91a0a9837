package io.ppdb.relational.planner;

import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.PpdbException;
import io.ppdb.relational.access.Role;
import io.ppdb.relational.expr.SessionInfo;
import io.ppdb.relational.pgcatalog.CatalogSnapshot;
import java.util.List;
import java.util.Map;
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

  @Override
  public List<String> searchPath() {
    return List.of();
  }

  @Override
  public CatalogSnapshot systemCatalog() {
    throw new PpdbException(
        ErrorCode.INVALID_STATE, "pg_catalog can only be asked by the statements of a session");
  }

  @Override
  public @Nullable String setting(String name, boolean missingIsNull) {
    return null;
  }

  @Override
  public String setSetting(String name, String value) {
    return value;
  }

  @Override
  public Map<String, String> settings() {
    return Map.of();
  }
}
