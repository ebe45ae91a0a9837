package io.ppdb.server.postgres;

import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.PpdbException;
import io.ppdb.relational.PreparedSql;
import java.util.HashMap;
import java.util.Map;

/**
 * The prepared statements and portals of a session, by their names. Those without a name are
 * replaced by the next one; the others stay until they are closed, portals no longer than their
 * transaction.
 */
final class SessionObjects {
  /** Most prepared statements, and most portals. */
  private static final int MAX_COUNT = 10_000;

  private final Map<String, ServerStatement> statements = new HashMap<>();
  private final Map<String, Portal> portals = new HashMap<>();

  /** Refuses a name that a new statement may not have, before it is prepared. */
  void checkNewStatement(String name) {
    if (!name.isEmpty() && statements.containsKey(name)) {
      throw new PpdbException(
          ErrorCode.DUPLICATE_OBJECT, "prepared statement \"" + name + "\" already exists");
    }
    checkCount(statements.size(), "prepared statements");
  }

  void putStatement(String name, ServerStatement statement) {
    statements.put(name, statement);
  }

  /** The statement of a name; an error if there is none. */
  ServerStatement statement(String name) {
    ServerStatement statement = statements.get(name);
    if (statement == null) {
      throw new PpdbException(
          ErrorCode.UNDEFINED_STATEMENT,
          name.isEmpty()
              ? "unnamed prepared statement does not exist"
              : "prepared statement \"" + name + "\" does not exist");
    }
    return statement;
  }

  /** Forgets a statement, if there is one of the name. */
  void removeStatement(String name) {
    statements.remove(name);
  }

  void removeStatements() {
    statements.clear();
  }

  void putPortal(String name, Portal portal) {
    if (!name.isEmpty() && portals.containsKey(name)) {
      throw new PpdbException(ErrorCode.DUPLICATE_OBJECT, "portal \"" + name + "\" already exists");
    }
    checkCount(portals.size(), "portals");
    closePortal(name);
    portals.put(name, portal);
  }

  /** The portal of a name; an error if there is none. */
  Portal portal(String name) {
    Portal portal = portals.get(name);
    if (portal == null) {
      throw new PpdbException(ErrorCode.UNDEFINED_CURSOR, "portal \"" + name + "\" does not exist");
    }
    return portal;
  }

  /** Whether there is a portal of the name, for a COPY that reads what the client sends. */
  boolean copiesFromClient(String name) {
    Portal portal = portals.get(name);
    PreparedSql prepared = portal == null ? null : portal.statement().prepared();
    return prepared != null && prepared.copiesFromClient();
  }

  /** Closes a portal, if there is one of the name. */
  void closePortal(String name) {
    Portal portal = portals.remove(name);
    if (portal != null) {
      portal.close();
    }
  }

  void closePortals() {
    portals.values().forEach(Portal::close);
    portals.clear();
  }

  private static void checkCount(int count, String what) {
    if (count >= MAX_COUNT) {
      throw new PpdbException(
          ErrorCode.STATEMENT_TOO_COMPLEX,
          "a session may have at most " + MAX_COUNT + " " + what + "; close some");
    }
  }
}
