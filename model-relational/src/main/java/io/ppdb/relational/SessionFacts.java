package io.ppdb.relational;

import io.ppdb.kv.ReadView;
import io.ppdb.relational.catalog.Schemas;
import io.ppdb.relational.expr.SessionInfo;
import io.ppdb.relational.pgcatalog.CatalogSnapshot;
import io.ppdb.relational.pgcatalog.PgCatalog;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a statement that reads {@code view} sees of its session. Used by the statement's thread. */
final class SessionFacts implements SessionInfo {
  private final SessionSettings settings;
  private final ReadView view;
  private final PgCatalog systemCatalog;
  private @Nullable CatalogSnapshot snapshot;

  SessionFacts(SessionSettings settings, ReadView view, PgCatalog systemCatalog) {
    this.settings = settings;
    this.view = view;
    this.systemCatalog = systemCatalog;
  }

  @Override
  public long currentRole() {
    return settings.roles().current();
  }

  @Override
  public String currentUser() {
    return settings.roles().currentName(view);
  }

  @Override
  public String sessionUser() {
    return settings.roles().sessionName(view);
  }

  @Override
  public boolean hasPrivilege(String type, List<String> arguments) {
    return new PrivilegeQuestions(settings, view).ask(type, arguments);
  }

  @Override
  public @Nullable String currentSchema() {
    for (String schema : settings.viewpoint().path()) {
      if (Schemas.find(view, schema) != null) {
        return schema;
      }
    }
    return null;
  }

  @Override
  public List<String> searchPath() {
    return settings.viewpoint().path();
  }

  @Override
  public CatalogSnapshot systemCatalog() {
    CatalogSnapshot known = snapshot;
    if (known == null) {
      known = systemCatalog.snapshot(view);
      snapshot = known;
    }
    return known;
  }

  @Override
  public @Nullable String setting(String name, boolean missingIsNull) {
    return missingIsNull && !settings.has(name) ? null : settings.show(name);
  }

  @Override
  public String setSetting(String name, String value) {
    settings.set(name, value);
    return settings.show(name);
  }

  @Override
  public Map<String, String> settings() {
    return settings.all();
  }
}
