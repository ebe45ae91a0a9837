package io.ppdb.database.session;

import io.ppdb.database.Database;
import io.ppdb.jdbc.session.SqlErrors;
import io.ppdb.jdbc.session.SqlSession;
import io.ppdb.jdbc.session.SqlStatement;
import io.ppdb.relational.RelationalSession;
import io.ppdb.relational.lock.IsolationLevel;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A session on a database of this process.
 *
 * <p>Owns a handle of the database. Open results of the transaction are closed before it ends. Used
 * by one thread at a time, save for {@link #abort}.
 */
final class EmbeddedSession implements SqlSession {
  private final Database database;
  private final RelationalSession session;
  private final List<EmbeddedResult> openResults = new ArrayList<>();
  private boolean autoCommit = true;
  private boolean readOnly;
  private int isolation = Connection.TRANSACTION_REPEATABLE_READ;
  private boolean closed;

  /**
   * @param user the role whose rights it has; null for the one that may do everything
   */
  EmbeddedSession(Database database, @Nullable String user) {
    this.database = database;
    this.session = user == null ? database.openSession() : database.openSession(user);
  }

  @Override
  public SqlStatement prepare(String sql) throws SQLException {
    checkOpen();
    return new EmbeddedStatement(this, Failures.translate(() -> session.prepare(sql)));
  }

  /** Readies the session for an execution that is not itself about transactions. */
  void beginIfManual() throws SQLException {
    checkOpen();
    if (!autoCommit && !session.isInTransaction()) {
      session.begin();
    }
    if (readOnly) {
      session.setReadOnly(true);
    }
  }

  /** Notes a result that ends with the transaction it was made in. */
  void opened(EmbeddedResult result) {
    if (session.isInTransaction()) {
      openResults.add(result);
    }
  }

  void closed(EmbeddedResult result) {
    openResults.remove(result);
  }

  void closeResults() throws SQLException {
    for (EmbeddedResult each : List.copyOf(openResults)) {
      each.end();
    }
  }

  @Override
  public boolean isAutoCommit() {
    return autoCommit;
  }

  @Override
  public void setAutoCommit(boolean newAutoCommit) throws SQLException {
    if (newAutoCommit != autoCommit) {
      commit();
      autoCommit = newAutoCommit;
    }
  }

  @Override
  public boolean isInTransaction() {
    return session.isInTransaction();
  }

  @Override
  public void commit() throws SQLException {
    checkOpen();
    closeResults();
    Failures.run(session::commit);
  }

  @Override
  public void rollback() throws SQLException {
    checkOpen();
    closeResults();
    Failures.run(session::rollback);
  }

  @Override
  public void setSavepoint(String name) throws SQLException {
    beginIfManual();
    Failures.run(() -> session.setSavepoint(name));
  }

  @Override
  public void rollbackToSavepoint(String name) throws SQLException {
    checkOpen();
    closeResults();
    Failures.run(() -> session.rollbackTo(name));
  }

  @Override
  public void releaseSavepoint(String name) throws SQLException {
    checkOpen();
    Failures.run(() -> session.releaseSavepoint(name));
  }

  @Override
  public boolean isReadOnly() {
    return readOnly;
  }

  @Override
  public void setReadOnly(boolean newReadOnly) throws SQLException {
    checkOpen();
    readOnly = newReadOnly;
    session.setReadOnly(newReadOnly);
  }

  @Override
  public int isolation() {
    return isolation;
  }

  @Override
  public void setIsolation(int level) throws SQLException {
    checkOpen();
    if (!supportsIsolation(level)) {
      throw SqlErrors.notSupported(
          level == Connection.TRANSACTION_SERIALIZABLE
              ? "this engine has snapshot isolation (TRANSACTION_REPEATABLE_READ), not SERIALIZABLE"
              : "no transaction isolation has the number " + level);
    }
    isolation = Math.max(level, Connection.TRANSACTION_READ_COMMITTED);
    session.setIsolation(
        switch (isolation) {
          case Connection.TRANSACTION_SERIALIZABLE -> IsolationLevel.SERIALIZABLE;
          case Connection.TRANSACTION_REPEATABLE_READ -> IsolationLevel.REPEATABLE_READ;
          default -> IsolationLevel.READ_COMMITTED;
        });
  }

  /** READ COMMITTED stands in for READ UNCOMMITTED. */
  @Override
  public boolean supportsIsolation(int level) {
    return switch (level) {
      case Connection.TRANSACTION_READ_UNCOMMITTED,
          Connection.TRANSACTION_READ_COMMITTED,
          Connection.TRANSACTION_REPEATABLE_READ ->
          true;
      case Connection.TRANSACTION_SERIALIZABLE -> database.store().properties().serializable();
      default -> false;
    };
  }

  @Override
  public String schema() throws SQLException {
    checkOpen();
    return Failures.translate(session::currentSchema).orElse("");
  }

  @Override
  public void setSchema(String schema) throws SQLException {
    checkOpen();
    Failures.run(() -> session.setCurrentSchema(schema));
  }

  @Override
  public String catalog() {
    return Database.CATALOG_NAME;
  }

  @Override
  public String userName() {
    return session.userName();
  }

  @Override
  public boolean isDatabaseReadOnly() {
    return false;
  }

  @Override
  public String databaseVersion() {
    return Database.VERSION;
  }

  /** In one process there is nobody to tell. */
  @Override
  public void setClientInfo(String name, @Nullable String value) throws SQLException {
    checkOpen();
  }

  @Override
  public boolean isValid(int timeoutMillis) {
    return !closed;
  }

  @Override
  public void abort() {
    session.abort();
  }

  @Override
  public void close() throws SQLException {
    if (closed) {
      return;
    }
    try (database) {
      closeResults();
      closed = true;
      Failures.run(session::close);
    }
  }

  private void checkOpen() throws SQLException {
    if (closed) {
      throw SqlErrors.closed("connection");
    }
  }
}
