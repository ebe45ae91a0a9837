package io.ppdb.server.postgres;

/** A client does not keep to the protocol; its connection ends if the error is fatal. */
final class ProtocolException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  static final String VIOLATION = "08P01";
  static final String TOO_LARGE = "54000";

  private final String sqlState;

  ProtocolException(String message) {
    this(VIOLATION, message);
  }

  ProtocolException(String sqlState, String message) {
    super(message);
    this.sqlState = sqlState;
  }

  String sqlState() {
    return sqlState;
  }

  /** Whether nobody knows any more where the next message begins, or what it means. */
  boolean isFatal() {
    return sqlState.equals(VIOLATION) || sqlState.equals(TOO_LARGE);
  }
}
