package io.ppdb.relational;

import io.ppdb.kv.ReadView;
import io.ppdb.relational.catalog.Schemas;
import io.ppdb.relational.expr.SessionInfo;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a statement that reads {@code view} sees of its session. */
record SessionFacts(SessionSettings settings, ReadView view) implements SessionInfo {
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
}
