package io.ppdb.relational;

import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.PpdbException;
import io.ppdb.kv.ReadView;
import io.ppdb.relational.access.AccessRights;
import io.ppdb.relational.access.Role;
import io.ppdb.relational.catalog.Catalog;
import java.util.function.Function;

/**
 * Who a session is: who opened it, whom it stands for, and whose rights its statements have. By id,
 * so that a role that is renamed stays itself. Used by one thread at a time.
 */
final class SessionRoles {
  /** What SET ROLE calls no other role than the session's. */
  static final String NONE = "none";

  private final Catalog catalog;
  private final SessionTransaction transaction;
  private final long authenticated;
  private long session;
  private long current;

  /**
   * @param authenticated the id of the role that opened the session
   */
  SessionRoles(Catalog catalog, SessionTransaction transaction, long authenticated) {
    this.catalog = catalog;
    this.transaction = transaction;
    this.authenticated = authenticated;
    this.session = authenticated;
    this.current = authenticated;
  }

  /** The id of the role whose rights statements have. */
  long current() {
    return current;
  }

  /** The id of the role that the session stands for. */
  long session() {
    return session;
  }

  /** Where roles and what they may do are found. */
  Catalog catalog() {
    return catalog;
  }

  /** Whether statements have the rights of the role that the session stands for. */
  boolean isSessions() {
    return current == session;
  }

  /** Whether statements may do everything. */
  boolean isSuperuser() {
    return current == Role.BOOTSTRAP || read(rights -> rights.isSuperuser(current));
  }

  String currentName() {
    return name(current);
  }

  String sessionName() {
    return name(session);
  }

  private String name(long id) {
    return id == Role.BOOTSTRAP ? AccessRights.BOOTSTRAP_NAME : read(rights -> rights.name(id));
  }

  /** The name of the role whose rights a statement has that reads {@code view}. */
  String currentName(ReadView view) {
    return name(current, view);
  }

  String sessionName(ReadView view) {
    return name(session, view);
  }

  private String name(long id, ReadView view) {
    return id == Role.BOOTSTRAP ? AccessRights.BOOTSTRAP_NAME : catalog.access().at(view).name(id);
  }

  private <T> T read(Function<AccessRights, T> question) {
    return transaction.read(view -> question.apply(catalog.access().at(view)));
  }

  /** SET ROLE; INSUFFICIENT_PRIVILEGE unless the session's role is a member of {@code name}. */
  void setCurrent(String name) {
    current =
        read(
            rights -> {
              Role role = require(rights, name);
              if (!rights.isMember(session, role.id())) {
                throw new PpdbException(
                    ErrorCode.INSUFFICIENT_PRIVILEGE,
                    "permission denied to set role \"" + name + "\"");
              }
              return role.id();
            });
  }

  void resetCurrent() {
    current = session;
  }

  /** SET SESSION AUTHORIZATION; for superusers, or to become oneself. */
  void setSession(String name) {
    session =
        read(
            rights -> {
              Role role = require(rights, name);
              if (role.id() != authenticated && !rights.isSuperuser(authenticated)) {
                throw new PpdbException(
                    ErrorCode.INSUFFICIENT_PRIVILEGE,
                    "permission denied to set session authorization \"" + name + "\"");
              }
              return role.id();
            });
    current = session;
  }

  void resetSession() {
    session = authenticated;
    current = authenticated;
  }

  private static Role require(AccessRights rights, String name) {
    Role role = rights.find(name);
    if (role == null) {
      throw new PpdbException(ErrorCode.INVALID_ARGUMENT, "role \"" + name + "\" does not exist");
    }
    return role;
  }
}
