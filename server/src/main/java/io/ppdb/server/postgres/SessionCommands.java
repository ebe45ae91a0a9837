package io.ppdb.server.postgres;

import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.PpdbException;
import io.ppdb.relational.RelationalSession;

/** Runs the commands that are about a session rather than about data. */
final class SessionCommands {
  private final RelationalSession session;
  private final SessionObjects objects;
  private final SessionObserver observer;
  private final SessionNotifications notifications;
  private final TransactionState transaction;

  SessionCommands(
      RelationalSession session,
      SessionObjects objects,
      SessionObserver observer,
      SessionNotifications notifications,
      TransactionState transaction) {
    this.session = session;
    this.objects = objects;
    this.observer = observer;
    this.notifications = notifications;
    this.transaction = transaction;
  }

  void run(SessionCommand command) {
    switch (command.kind()) {
      case LISTEN -> notifications.listen(command.name());
      case UNLISTEN -> notifications.unlisten(command.name());
      case NOTIFY ->
          notifications.send(command.name(), command.payload(), transaction.status() == 'I');
      case DEALLOCATE -> {
        if (command.name().isEmpty()) {
          objects.removeStatements();
        } else {
          objects.statement(command.name());
          objects.removeStatement(command.name());
        }
      }
      case DISCARD -> discard(command.name());
    }
  }

  private void discard(String what) {
    if (!what.equals("ALL")) {
      return; // no plans, sequences or temporary tables are the session's own
    }
    if (transaction.status() != 'I') {
      throw new PpdbException(
          ErrorCode.ACTIVE_TRANSACTION, "DISCARD ALL cannot run inside a transaction block");
    }
    objects.removeStatements();
    notifications.unlisten("");
    session.execute("RESET ALL");
    session.execute("RESET SESSION AUTHORIZATION");
    observer.settingsChanged();
  }
}
