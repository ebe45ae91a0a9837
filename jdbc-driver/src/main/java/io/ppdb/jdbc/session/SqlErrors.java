package io.ppdb.jdbc.session;

import java.sql.SQLDataException;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.SQLIntegrityConstraintViolationException;
import java.sql.SQLInvalidAuthorizationSpecException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLSyntaxErrorException;
import java.sql.SQLTransactionRollbackException;
import java.sql.SQLTransientException;
import org.jspecify.annotations.Nullable;

/** Makes the subclass of {@link SQLException} that a SQLSTATE asks for. */
public final class SqlErrors {
  private SqlErrors() {}

  public static SQLException of(String sqlState, String message) {
    return of(sqlState, 0, message, null);
  }

  /**
   * An exception.
   *
   * @param vendorCode the database's own number of the error, 0 if it is the driver's
   */
  public static SQLException of(
      String sqlState, int vendorCode, String message, @Nullable Throwable cause) {
    switch (sqlState.substring(0, 2)) {
      case "08":
        return new SQLNonTransientConnectionException(message, sqlState, vendorCode, cause);
      case "0A":
        return new SQLFeatureNotSupportedException(message, sqlState, vendorCode, cause);
      case "21":
      case "22":
        return new SQLDataException(message, sqlState, vendorCode, cause);
      case "23":
        return new SQLIntegrityConstraintViolationException(message, sqlState, vendorCode, cause);
      case "28":
        return new SQLInvalidAuthorizationSpecException(message, sqlState, vendorCode, cause);
      case "40":
        return new SQLTransactionRollbackException(message, sqlState, vendorCode, cause);
      case "42":
        return new SQLSyntaxErrorException(message, sqlState, vendorCode, cause);
      case "53":
        return new SQLTransientException(message, sqlState, vendorCode, cause);
      default:
        return new SQLException(message, sqlState, vendorCode, cause);
    }
  }

  /** What JDBC lets a driver refuse. */
  public static SQLFeatureNotSupportedException notSupported(String message) {
    return new SQLFeatureNotSupportedException(message, "0A000");
  }

  /** An argument outside its range. */
  public static SQLException invalidArgument(String message) {
    return of("22023", message);
  }

  /** A use of something closed: {@code what} is {@code connection}, {@code statement}, … */
  public static SQLException closed(String what) {
    return of(what.equals("connection") ? "08003" : "55000", "this " + what + " is closed");
  }
}
