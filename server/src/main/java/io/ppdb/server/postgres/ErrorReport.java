package io.ppdb.server.postgres;

import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.PpdbException;

/**
 * An error as a client is told of it.
 *
 * @param position in characters of what the client sent, from 1; 0 if it has none
 */
record ErrorReport(String sqlState, String message, int position) {
  /**
   * The report of an error.
   *
   * @param sql what the client sent; empty if it is not known
   * @param offset where in it the statement begins that the error is about
   */
  static ErrorReport of(Throwable error, String sql, int offset) {
    if (error instanceof PpdbException known) {
      String message = String.valueOf(known.getMessage());
      return new ErrorReport(
          known.code().sqlState(), message, ErrorPosition.of(message, sql, offset));
    }
    if (error instanceof ProtocolException protocol) {
      return new ErrorReport(protocol.sqlState(), String.valueOf(protocol.getMessage()), 0);
    }
    if (error instanceof StackOverflowError) {
      return new ErrorReport(
          ErrorCode.STATEMENT_TOO_COMPLEX.sqlState(), "the statement is nested too deeply", 0);
    }
    if (error instanceof OutOfMemoryError) {
      return new ErrorReport(ErrorCode.MEMORY_LIMIT.sqlState(), "out of memory", 0);
    }
    return new ErrorReport(ErrorCode.INTERNAL.sqlState(), "internal error: " + error, 0);
  }

  void writeTo(BackendWriter out) {
    out.error("ERROR", sqlState, message, position);
  }
}
