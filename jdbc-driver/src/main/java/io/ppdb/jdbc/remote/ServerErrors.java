package io.ppdb.jdbc.remote;

import io.ppdb.jdbc.session.SqlErrors;
import java.sql.SQLException;

/** Errors as a server tells of them. */
final class ServerErrors {
  private ServerErrors() {}

  /** The error of the message that was read last. */
  static SQLException read(Wire wire) throws SQLException {
    String sqlState = "58000";
    String message = "the server reports an error without a message";
    String detail = "";
    while (true) {
      byte field = wire.readByte();
      if (field == 0) {
        break;
      }
      String text = wire.readText();
      if (field == 'C' && text.length() == 5) {
        sqlState = text;
      } else if (field == 'M') {
        message = text;
      } else if (field == 'D') {
        detail = ": " + text;
      }
    }
    return SqlErrors.of(sqlState, message + detail);
  }
}
