package io.ppdb.relational.expr;

import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.PpdbException;
import io.ppdb.relational.type.ColumnType;

/** The errors that several kernels raise, each naming the value. */
final class Errors {
  private Errors() {}

  static PpdbException outOfRange(ColumnType type, Object seen) {
    return new PpdbException(ErrorCode.NUMERIC_OUT_OF_RANGE, type + " out of range: " + seen);
  }

  static PpdbException divisionByZero(Object dividend) {
    return new PpdbException(ErrorCode.DIVISION_BY_ZERO, "division by zero: " + dividend + " / 0");
  }

  static PpdbException invalidText(ColumnType type, String text) {
    return new PpdbException(
        ErrorCode.INVALID_TEXT_REPRESENTATION,
        "invalid input syntax for type " + type + ": \"" + text + "\"");
  }

  static PpdbException dateTimeOverflow(String message) {
    return new PpdbException(ErrorCode.DATETIME_OVERFLOW, message);
  }

  static PpdbException invalidArgument(String message) {
    return new PpdbException(ErrorCode.INVALID_ARGUMENT, message);
  }

  static PpdbException notSupported(String what) {
    return new PpdbException(ErrorCode.NOT_SUPPORTED, what);
  }
}
