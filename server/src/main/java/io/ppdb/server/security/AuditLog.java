package io.ppdb.server.security;

import io.ppdb.server.text.JsonString;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is written down of logins and of changes of the catalog: a line of JSON for each, in the
 * order in which they happened, appended to a file. Thread-safe.
 *
 * <p>Literals of statements are not written, for they may be passwords.
 */
public final class AuditLog implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(AuditLog.class);

  /** Null if nothing is written; guarded by this object's monitor. */
  private @Nullable BufferedWriter writer;

  private AuditLog(@Nullable BufferedWriter writer) {
    this.writer = writer;
  }

  /** One that writes nothing. */
  public static AuditLog none() {
    return new AuditLog(null);
  }

  /** One that appends to {@code file}. */
  public static AuditLog to(Path file) {
    try {
      return new AuditLog(
          Files.newBufferedWriter(
              file,
              StandardCharsets.UTF_8,
              StandardOpenOption.CREATE,
              StandardOpenOption.WRITE,
              StandardOpenOption.APPEND));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write the audit log " + file + ": " + e, e);
    }
  }

  /** Somebody has tried to log in. */
  void login(String role, String protocol, String remote, String outcome) {
    write("login", role, protocol, remote, "", outcome);
  }

  /**
   * Somebody has changed the catalog, or tried to.
   *
   * @param action the kind of statement: {@code CREATE TABLE}
   * @param outcome {@code ok} or the SQLSTATE of the error
   */
  public void definition(Principal principal, String action, String outcome) {
    write(
        "definition", principal.role(), principal.protocol(), principal.remote(), action, outcome);
  }

  private synchronized void write(
      String event, String role, String protocol, String remote, String action, String outcome) {
    BufferedWriter open = writer;
    if (open == null) {
      return;
    }
    Map<String, String> fields = new LinkedHashMap<>();
    fields.put("time", Instant.now().toString());
    fields.put("event", event);
    fields.put("role", role);
    fields.put("protocol", protocol);
    fields.put("remote", remote);
    if (!action.isEmpty()) {
      fields.put("action", action);
    }
    fields.put("outcome", outcome);
    try {
      open.write(object(fields));
      open.newLine();
      open.flush();
    } catch (IOException e) {
      LOG.error("the audit log cannot be written: {}", e.toString());
    }
  }

  private static String object(Map<String, String> fields) {
    return fields.entrySet().stream()
        .map(each -> JsonString.of(each.getKey()) + ":" + JsonString.of(each.getValue()))
        .collect(Collectors.joining(",", "{", "}"));
  }

  @Override
  public synchronized void close() {
    BufferedWriter open = writer;
    writer = null;
    if (open != null) {
      try {
        open.close();
      } catch (IOException e) {
        LOG.error("the audit log cannot be closed: {}", e.toString());
      }
    }
  }
}
