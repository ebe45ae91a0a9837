package io.ppdb.server.postgres;

import io.ppdb.kv.ErrorCode;
import io.ppdb.server.metrics.ServerMetrics;
import io.ppdb.server.security.AuditLog;
import io.ppdb.server.security.Principal;

/** Counts and times the statements of a session, writes down its definitions. */
record StatementObserver(
    Principal principal, ServerMetrics metrics, AuditLog audit, ReportedSettings settings)
    implements SessionObserver {
  @Override
  public void ran(String tag, boolean failed, long nanos) {
    metrics.request(PostgresProtocol.NAME, CommandTag.kind(tag), failed, nanos);
    if (!failed && CommandTag.isDefinition(tag)) {
      audit.definition(principal, tag, "ok");
    }
  }

  @Override
  public void failed(String tag, ErrorCode code) {
    if (CommandTag.isDefinition(tag)) {
      audit.definition(principal, tag, code.sqlState());
    }
  }

  @Override
  public void settingsChanged() {
    settings.changed();
  }
}
