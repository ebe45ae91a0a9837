package io.ppdb.server.postgres;

import io.ppdb.relational.RelationalSession;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The settings that a client is told of, at the beginning and whenever they change. */
final class ReportedSettings {
  /** Those that statements can change, and their names in SHOW. */
  private static final List<String> CHANGING =
      List.of("TimeZone", "application_name", "default_transaction_read_only");

  private final RelationalSession session;
  private final String role;
  private final BackendWriter out;
  private final Map<String, String> told = new HashMap<>();

  ReportedSettings(RelationalSession session, String role, BackendWriter out) {
    this.session = session;
    this.role = role;
    this.out = out;
  }

  void all(String serverVersion) {
    out.parameterStatus("server_version", serverVersion);
    out.parameterStatus("server_encoding", "UTF8");
    out.parameterStatus("client_encoding", "UTF8");
    out.parameterStatus("DateStyle", "ISO, MDY");
    out.parameterStatus("IntervalStyle", "postgres");
    out.parameterStatus("integer_datetimes", "on");
    out.parameterStatus("standard_conforming_strings", "on");
    out.parameterStatus("in_hot_standby", "off");
    out.parameterStatus("session_authorization", role);
    out.parameterStatus("is_superuser", session.isSuperuser() ? "on" : "off");
    changed();
  }

  /** Tells of those that have another value than the client knows. */
  void changed() {
    for (String name : CHANGING) {
      String value = session.setting(name).orElse("");
      if (!value.equals(told.put(name, value))) {
        out.parameterStatus(name, value);
      }
    }
  }
}
