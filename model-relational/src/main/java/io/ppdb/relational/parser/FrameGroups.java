package io.ppdb.relational.parser;

import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.PpdbException;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlInternalOperator;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlLiteral;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlOperator;
import org.apache.calcite.sql.SqlWindow;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.sql.type.OperandTypes;
import org.apache.calcite.sql.type.ReturnTypes;
import org.jspecify.annotations.Nullable;

/**
 * Frames of a window in GROUPS: to Calcite they are in ROWS, with offsets that say that they count
 * groups. The current row is the group at a distance of none.
 */
public final class FrameGroups {
  /** What an offset is an argument of if it counts groups. */
  public static final SqlOperator OFFSET =
      new SqlInternalOperator(
          "$groups", SqlKind.OTHER, 0, true, ReturnTypes.ARG0, null, OperandTypes.ANY);

  private FrameGroups() {}

  /** The lower bound of a frame in ROWS that means {@code bound} in GROUPS. */
  public static SqlNode lower(SqlNode bound) {
    return bound(bound, /* isLower= */ true);
  }

  /**
   * The upper bound of a frame in ROWS that means {@code bound} in GROUPS.
   *
   * @param bound null if the frame ends with the current row
   * @param lower the other bound as it was written
   */
  public static SqlNode upper(@Nullable SqlNode bound, SqlNode lower) {
    SqlParserPos position = lower.getParserPosition();
    SqlNode upper = bound == null ? SqlWindow.createCurrentRow(position) : bound;
    boolean isBackwards =
        (SqlWindow.isCurrentRow(upper) && lower.getKind() == SqlKind.FOLLOWING)
            || (SqlWindow.isCurrentRow(lower) && upper.getKind() == SqlKind.PRECEDING);
    if (isBackwards) {
      throw new PpdbException(
          ErrorCode.SYNTAX_ERROR,
          (SqlWindow.isCurrentRow(lower)
                  ? "frame starting from current row cannot have preceding rows"
                  : "frame starting from following row cannot end with current row")
              + StatementParser.at(position.getLineNum(), position.getColumnNum()));
    }
    return bound(upper, /* isLower= */ false);
  }

  private static SqlNode bound(SqlNode bound, boolean isLower) {
    SqlParserPos position = bound.getParserPosition();
    if (SqlWindow.isCurrentRow(bound)) {
      SqlNode none = offset(SqlLiteral.createExactNumeric("0", position));
      return isLower
          ? SqlWindow.createPreceding(none, position)
          : SqlWindow.createFollowing(none, position);
    }
    return switch (bound.getKind()) {
      case PRECEDING -> SqlWindow.createPreceding(offset(((SqlCall) bound).operand(0)), position);
      case FOLLOWING -> SqlWindow.createFollowing(offset(((SqlCall) bound).operand(0)), position);
      default -> bound; // unbounded
    };
  }

  private static SqlNode offset(SqlNode count) {
    return OFFSET.createCall(count.getParserPosition(), count);
  }
}
