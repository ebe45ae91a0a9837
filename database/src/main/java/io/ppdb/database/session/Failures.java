package io.ppdb.database.session;

import io.ppdb.jdbc.session.SqlErrors;
import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.PpdbException;
import java.sql.SQLException;

/** The engine's exceptions as those of a session. */
final class Failures {
  private Failures() {}

  /** A call into the engine. */
  @FunctionalInterface
  interface Call<T> {
    T run() throws SQLException;
  }

  /** A call into the engine without result. */
  @FunctionalInterface
  interface Action {
    void run() throws SQLException;
  }

  static <T> T translate(Call<T> call) throws SQLException {
    try {
      return call.run();
    } catch (RuntimeException e) {
      throw of(e);
    }
  }

  static void run(Action action) throws SQLException {
    try {
      action.run();
    } catch (RuntimeException e) {
      throw of(e);
    }
  }

  /** What a session throws for {@code e}; whatever the engine did not mean to throw is a defect. */
  static SQLException of(RuntimeException e) {
    ErrorCode code = e instanceof PpdbException known ? known.code() : ErrorCode.INTERNAL;
    String message =
        e instanceof PpdbException ? String.valueOf(e.getMessage()) : "internal error: " + e;
    return SqlErrors.of(code.sqlState(), code.number(), message, e);
  }
}
