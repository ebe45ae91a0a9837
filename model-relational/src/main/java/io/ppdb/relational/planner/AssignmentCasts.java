package io.ppdb.relational.planner;

import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.PpdbException;
import io.ppdb.relational.catalog.ColumnDefinition;
import io.ppdb.relational.parser.StatementParser;
import io.ppdb.relational.type.ColumnType;
import io.ppdb.relational.type.TypeKind;
import org.apache.calcite.sql.SqlDynamicParam;
import org.apache.calcite.sql.SqlLiteral;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.sql.type.SqlTypeName;

/**
 * Which values a column takes without a cast that is written: PostgreSQL's assignment casts. Text
 * takes all, numbers take numbers, points in time each other. What has no type of its own, like
 * {@code '7'}, is read as the column's.
 */
public final class AssignmentCasts {
  private AssignmentCasts() {}

  /** Whether {@code value} has the type of whatever takes it. */
  public static boolean isUntyped(SqlNode value) {
    return value instanceof SqlDynamicParam
        || (value instanceof SqlLiteral literal
            && (literal.getTypeName() == SqlTypeName.CHAR
                || literal.getTypeName() == SqlTypeName.NULL));
  }

  /** Fails if a value of {@code source} is none for {@code column}. */
  public static void require(ColumnType source, ColumnDefinition column, SqlParserPos position) {
    if (!isAssignable(source, column.type())) {
      throw new PpdbException(
          ErrorCode.DATATYPE_MISMATCH,
          "column \""
              + column.name()
              + "\" is of type "
              + column.type()
              + " but expression is of type "
              + source
              + StatementParser.at(position.getLineNum(), position.getColumnNum()));
    }
  }

  private static boolean isAssignable(ColumnType source, ColumnType target) {
    TypeKind from = source.kind();
    return switch (target.kind()) {
      case VARCHAR -> true;
      case SMALLINT, INTEGER, BIGINT, DECIMAL, REAL, DOUBLE -> from.isNumeric();
      case DATE, TIMESTAMP, TIMESTAMPTZ ->
          from == TypeKind.DATE || from == TypeKind.TIMESTAMP || from == TypeKind.TIMESTAMPTZ;
      case TIME ->
          from == TypeKind.TIME
              || from == TypeKind.TIMESTAMP
              || from == TypeKind.TIMESTAMPTZ
              || from == TypeKind.INTERVAL;
      case INTERVAL -> from == TypeKind.INTERVAL || from == TypeKind.TIME;
      case ARRAY ->
          from == TypeKind.ARRAY && isAssignable(source.elementType(), target.elementType());
      case BOOLEAN, BYTEA, UUID, JSON -> from == target.kind();
    };
  }
}
