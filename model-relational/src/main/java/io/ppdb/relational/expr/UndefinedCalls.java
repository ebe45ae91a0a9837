package io.ppdb.relational.expr;

import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.PpdbException;
import io.ppdb.relational.parser.StatementParser;
import io.ppdb.relational.type.ColumnType;
import java.util.List;
import java.util.Locale;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlCallBinding;
import org.apache.calcite.sql.SqlFunction;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.sql.type.SqlTypeUtil;

/** The errors for calls whose arguments no function or operator takes; each names the types. */
public final class UndefinedCalls {
  private UndefinedCalls() {}

  /** The error for the call that {@code binding} is about. */
  public static PpdbException of(SqlCallBinding binding) {
    SqlCall call = binding.getCall();
    String name = call.getOperator().getName();
    if (name.endsWith(" ANY") || name.endsWith(" ALL")) {
      return new PpdbException(
          ErrorCode.UNDEFINED_FUNCTION,
          "operator does not exist: "
              + typeName(binding.getOperandType(0))
              + " "
              + name
              + " ("
              + typeName(binding.getOperandType(1))
              + "): ANY and ALL need an array of what is compared with it"
              + place(call));
    }
    if (call.getOperator() instanceof SqlFunction || binding.getOperandCount() != 2) {
      return function(call, binding.collectOperandTypes());
    }
    return new PpdbException(
        ErrorCode.UNDEFINED_FUNCTION,
        "operator does not exist: "
            + typeName(binding.getOperandType(0))
            + " "
            + name.replace("??", "?")
            + " "
            + typeName(binding.getOperandType(1))
            + place(call));
  }

  /** The error for a call that no function takes. */
  public static PpdbException function(SqlCall call, List<RelDataType> argumentTypes) {
    return new PpdbException(
        ErrorCode.UNDEFINED_FUNCTION,
        "function "
            + call.getOperator().getName().toLowerCase(Locale.ROOT)
            + "("
            + String.join(", ", argumentTypes.stream().map(UndefinedCalls::typeName).toList())
            + ") does not exist"
            + place(call));
  }

  /** PostgreSQL's name of a type, without its length. */
  private static String typeName(RelDataType type) {
    if (SqlTypeUtil.inCharFamily(type)) {
      return "text";
    }
    if (SqlTypeUtil.isDecimal(type)) {
      return "numeric";
    }
    return Parameters.isKnown(type) && !type.isStruct()
        ? ColumnType.fromCalcite(type).toString()
        : "unknown";
  }

  private static String place(SqlCall call) {
    SqlParserPos position = call.getParserPosition();
    return StatementParser.at(position.getLineNum(), position.getColumnNum());
  }
}
