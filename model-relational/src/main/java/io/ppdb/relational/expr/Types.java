package io.ppdb.relational.expr;

import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.PpdbException;
import io.ppdb.relational.type.ColumnType;
import io.ppdb.relational.type.TypeKind;

/** Which type two operands meet in. */
final class Types {
  private Types() {}

  /** The type to compare values of two types in; decimals of any scale compare as they are. */
  static ColumnType common(ColumnType left, ColumnType right) {
    if (left.kind() == right.kind()) {
      return left.kind() == TypeKind.DECIMAL ? ColumnType.NUMERIC : unlimited(left);
    }
    if (left.kind().isNumeric() && right.kind().isNumeric()) {
      return rank(left.kind()) >= rank(right.kind()) ? unlimited(left) : unlimited(right);
    }
    if (left.kind() == TypeKind.VARCHAR) {
      return unlimited(right);
    }
    if (right.kind() == TypeKind.VARCHAR) {
      return unlimited(left);
    }
    if (isTimestampLike(left.kind()) && isTimestampLike(right.kind())) {
      return timestampRank(left.kind()) >= timestampRank(right.kind()) ? left : right;
    }
    throw new PpdbException(
        ErrorCode.DATATYPE_MISMATCH, "cannot compare " + left + " with " + right);
  }

  private static ColumnType unlimited(ColumnType type) {
    return switch (type.kind()) {
      case DECIMAL -> ColumnType.NUMERIC;
      case VARCHAR -> ColumnType.TEXT;
      default -> type;
    };
  }

  private static int rank(TypeKind kind) {
    return switch (kind) {
      case SMALLINT -> 0;
      case INTEGER -> 1;
      case BIGINT -> 2;
      case DECIMAL -> 3;
      case REAL -> 4;
      default -> 5;
    };
  }

  /** The decimal that holds every value of an integer type; others as they are. */
  static ColumnType asDecimal(ColumnType type) {
    return switch (type.kind()) {
      case SMALLINT -> ColumnType.decimal(5, 0);
      case INTEGER -> ColumnType.decimal(10, 0);
      case BIGINT -> ColumnType.decimal(19, 0);
      case DECIMAL -> type;
      default -> ColumnType.NUMERIC;
    };
  }

  private static boolean isTimestampLike(TypeKind kind) {
    return timestampRank(kind) >= 0;
  }

  private static int timestampRank(TypeKind kind) {
    return switch (kind) {
      case DATE -> 0;
      case TIMESTAMP -> 1;
      case TIMESTAMPTZ -> 2;
      default -> -1;
    };
  }
}
