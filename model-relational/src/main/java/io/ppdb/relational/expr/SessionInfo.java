package io.ppdb.relational.expr;

import io.ppdb.kv.PpdbException;
import io.ppdb.relational.pgcatalog.CatalogSnapshot;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What functions ask about the session that runs a statement, at what the statement sees. */
public interface SessionInfo {
  /** The id of the role whose rights the statement has. */
  long currentRole();

  /** Whose rights the statement has. */
  String currentUser();

  /** Who opened the session. */
  String sessionUser();

  /**
   * Whether a role has a privilege.
   *
   * @param type of the object: table, column, schema, sequence, database or role
   * @param arguments those of PostgreSQL's function for that, without NULLs: the role, unless it is
   *     that of the statement; the object; a column, if it is one; privileges
   */
  boolean hasPrivilege(String type, List<String> arguments);

  /** Where new objects with a plain name go; null if no schema of the search path exists. */
  @Nullable String currentSchema();

  /** The schemas in which plain names are looked for; those that do not exist count for nothing. */
  List<String> searchPath();

  /** What {@code pg_catalog} shows to the statement. */
  CatalogSnapshot systemCatalog();

  /**
   * The value of a setting.
   *
   * @throws PpdbException UNDEFINED_OBJECT if there is none, unless {@code missingIsNull}
   */
  @Nullable String setting(String name, boolean missingIsNull);

  /** Sets a setting for the session, and gives its new value. */
  String setSetting(String name, String value);

  /** All settings, by name. */
  Map<String, String> settings();
}
