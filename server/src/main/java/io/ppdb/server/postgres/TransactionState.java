package io.ppdb.server.postgres;

import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.PpdbException;
import io.ppdb.relational.PreparedSql;
import io.ppdb.relational.RelationalSession;
import io.ppdb.server.postgres.ServerStatement.Control;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The transaction of a session as PostgreSQL's clients know it.
 *
 * <p>It is open by BEGIN, or implicitly, for messages up to the next Sync or the statements of one
 * Query. After an error in an open one, nothing is possible but to roll it back, unless the client
 * has set {@code ppdb.transaction_after_error} to {@code continue}; an implicit one is rolled back
 * at once. Used by one worker at a time.
 */
final class TransactionState {
  /** First words of what ends a transaction that has failed. */
  private static final Set<String> ENDINGS = Set.of("ROLLBACK", "ABORT", "COMMIT", "END");

  /**
   * The setting of clients who want a statement that fails to take back itself only, and the
   * transaction to go on: {@code continue}.
   */
  private static final String AFTER_ERROR = "ppdb.transaction_after_error";

  private final RelationalSession session;
  private final SessionNotifications notifications;
  private final Runnable closePortals;
  private boolean implicit;
  private boolean failed;

  /**
   * @param closePortals ends what is open in a transaction that ends
   */
  TransactionState(
      RelationalSession session, SessionNotifications notifications, Runnable closePortals) {
    this.session = session;
    this.notifications = notifications;
    this.closePortals = closePortals;
  }

  /** {@code I} outside of a transaction, {@code T} in one, {@code E} in one that has failed. */
  char status() {
    if (failed) {
      return 'E';
    }
    return session.isInTransaction() && !implicit ? 'T' : 'I';
  }

  boolean isImplicit() {
    return implicit;
  }

  /** Refuses what is not possible in a transaction that has failed. */
  void checkPossible(String sql) {
    if (!failed) {
      return;
    }
    int start = SqlScanner.firstCode(sql, 0);
    int end = start;
    while (end < sql.length() && SqlScanner.isWordPart(sql.charAt(end))) {
      end++;
    }
    if (!ENDINGS.contains(sql.substring(start, end).toUpperCase(Locale.ROOT))) {
      throw new PpdbException(
          ErrorCode.TRANSACTION_ABORTED,
          "current transaction is aborted, commands ignored until end of transaction block");
    }
  }

  /** Begins an implicit transaction, unless one is open. */
  void beginImplicit() {
    if (!session.isInTransaction()) {
      session.begin();
      implicit = true;
    }
  }

  /** Commits the implicit transaction, if there is one. */
  void endImplicit() {
    if (!implicit) {
      return;
    }
    implicit = false;
    closePortals.run();
    session.commit();
    notifications.committed();
  }

  /** A statement has failed. */
  void statementFailed() {
    if (implicit) {
      implicit = false;
      closePortals.run();
      session.rollback();
      notifications.rolledBack();
    } else {
      failed = session.isInTransaction() && !goesOnAfterErrors();
    }
  }

  private boolean goesOnAfterErrors() {
    return session.setting(AFTER_ERROR).filter("continue"::equals).isPresent();
  }

  /**
   * Runs a statement that begins or ends a transaction.
   *
   * @return the tag of what was done, if it is another than the statement's
   */
  @Nullable String control(ServerStatement statement, PreparedSql prepared, BackendWriter out) {
    switch (statement.control()) {
      case BEGIN -> begin(prepared, out);
      case COMMIT -> {
        return commit(out);
      }
      case ROLLBACK -> rollback(out);
      case ROLLBACK_TO -> {
        closePortals.run();
        prepared.execute().close();
        failed = false;
      }
      case NONE -> throw new IllegalArgumentException(Control.NONE.toString());
    }
    return null;
  }

  private void begin(PreparedSql prepared, BackendWriter out) {
    if (implicit) {
      implicit = false; // what was begun for several statements becomes a transaction by BEGIN
    } else if (session.isInTransaction()) {
      out.notice("WARNING", "25001", "there is already a transaction in progress");
    } else {
      prepared.execute().close();
    }
  }

  private @Nullable String commit(BackendWriter out) {
    if (failed) {
      end();
      session.rollback();
      notifications.rolledBack();
      return "ROLLBACK";
    }
    warnIfNone(out);
    end();
    session.commit();
    notifications.committed();
    return null;
  }

  private void rollback(BackendWriter out) {
    warnIfNone(out);
    end();
    session.rollback();
    notifications.rolledBack();
  }

  private void warnIfNone(BackendWriter out) {
    if (!session.isInTransaction() || implicit) {
      out.notice("WARNING", "25P01", "there is no transaction in progress");
    }
  }

  private void end() {
    closePortals.run();
    implicit = false;
    failed = false;
  }
}
