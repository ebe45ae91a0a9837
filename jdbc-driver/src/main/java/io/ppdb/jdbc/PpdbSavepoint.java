package io.ppdb.jdbc;

import io.ppdb.jdbc.session.SqlErrors;
import java.sql.SQLException;
import java.sql.Savepoint;
import org.jspecify.annotations.Nullable;

/** A savepoint, named by the caller or numbered by the connection. */
final class PpdbSavepoint implements Savepoint {
  private final PpdbConnection connection;
  private final int id;
  private final @Nullable String name;
  private final String sessionName;
  private boolean ended;

  /**
   * A savepoint.
   *
   * @param sessionName what the session knows it by: its name, unless an earlier savepoint that is
   *     still good has the same
   */
  PpdbSavepoint(PpdbConnection connection, int id, @Nullable String name, String sessionName) {
    this.connection = connection;
    this.id = id;
    this.name = name;
    this.sessionName = sessionName;
  }

  @Override
  public int getSavepointId() throws SQLException {
    if (name != null) {
      throw SqlErrors.of("3B001", "the savepoint is named " + name + ", it has no number");
    }
    return id;
  }

  @Override
  public String getSavepointName() throws SQLException {
    if (name == null) {
      throw SqlErrors.of("3B001", "the savepoint has number " + id + ", it has no name");
    }
    return name;
  }

  /** The name the session knows it by; fails if it is gone or another connection's. */
  String sessionName(PpdbConnection user) throws SQLException {
    if (user != connection) {
      throw SqlErrors.of("3B001", "the savepoint belongs to another connection");
    }
    if (ended) {
      throw SqlErrors.of("3B001", "the savepoint has been released or its transaction has ended");
    }
    return sessionName();
  }

  String sessionName() {
    return sessionName;
  }

  void end() {
    ended = true;
  }
}
