package io.ppdb.jdbc.session;

import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * One connection to a database: its transaction, its settings, its statements.
 *
 * <p>In autocommit (the beginning state) each execution is a transaction of its own, which ends
 * when its result is exhausted or closed; several results may be open. Otherwise a transaction
 * begins with the first execution and ends by {@link #commit} or {@link #rollback}, which also ends
 * its open results. The SQL statements BEGIN, COMMIT and ROLLBACK do the same.
 *
 * <p>Errors are {@link SQLException}s made by {@link SqlErrors}. Used by one thread at a time, save
 * for {@link SqlStatement#cancel} and {@link #abort}.
 */
public interface SqlSession extends AutoCloseable {
  /** Prepares one statement; its parameters are {@code ?}. */
  SqlStatement prepare(String sql) throws SQLException;

  boolean isAutoCommit();

  /** Changes the mode; an open transaction is committed if the mode changes. */
  void setAutoCommit(boolean autoCommit) throws SQLException;

  /** Whether a transaction is open that outlives the current execution. */
  boolean isInTransaction();

  /** Commits the open transaction; does nothing if there is none. */
  void commit() throws SQLException;

  /** Rolls the open transaction back; does nothing if there is none. */
  void rollback() throws SQLException;

  /** Sets a savepoint in the open transaction, beginning one if there is none. */
  void setSavepoint(String name) throws SQLException;

  void rollbackToSavepoint(String name) throws SQLException;

  void releaseSavepoint(String name) throws SQLException;

  boolean isReadOnly();

  /** Refuses writes from the next transaction on. */
  void setReadOnly(boolean readOnly) throws SQLException;

  /** One of the levels of {@link java.sql.Connection}. */
  int isolation();

  /** Sets the level of the next transaction, or fails if the database does not have it. */
  void setIsolation(int level) throws SQLException;

  /** Whether the database has this level or gives a stronger one in its place. */
  boolean supportsIsolation(int level);

  String schema() throws SQLException;

  /** Sets the schema that unqualified names mean. */
  void setSchema(String schema) throws SQLException;

  /** Name of the database: the one catalogue its objects live in. */
  String catalog();

  String userName();

  boolean isDatabaseReadOnly();

  /** Dotted version of the database, such as {@code 0.1.0}. */
  String databaseVersion();

  /**
   * Tells the database who is calling: {@code ApplicationName} and the like; null takes it back.
   */
  void setClientInfo(String name, @Nullable String value) throws SQLException;

  /** Asks the database whether it still answers. */
  boolean isValid(int timeoutMillis);

  /** From any thread: lets what is running fail; the session is only closed afterwards. */
  void abort();

  /** Rolls back the open transaction and ends the session. Does nothing if it has ended. */
  @Override
  void close() throws SQLException;
}
