package io.ppdb.relational.planner;

import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.PpdbException;
import io.ppdb.relational.parser.StatementParser;
import io.ppdb.relational.type.ColumnType;
import java.util.List;
import java.util.Locale;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.sql.SqlBinaryOperator;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlCallBinding;
import org.apache.calcite.sql.SqlDynamicParam;
import org.apache.calcite.sql.SqlLiteral;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.sql.type.SqlTypeFamily;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.calcite.sql.type.SqlTypeUtil;
import org.apache.calcite.sql.validate.SqlValidator;
import org.apache.calcite.sql.validate.implicit.TypeCoercionImpl;

/**
 * Calcite's implicit casts without those that PostgreSQL lacks: text beside another type is read as
 * that type only if it is a literal or a parameter, whose type the other operand decides; a number
 * is text to no function, nor text a number. Used for one statement.
 */
final class TextCoercion extends TypeCoercionImpl {
  TextCoercion(RelDataTypeFactory typeFactory, SqlValidator validator) {
    super(typeFactory, validator);
  }

  @Override
  public boolean binaryArithmeticCoercion(SqlCallBinding binding) {
    refuseTextBesideOther(binding);
    return super.binaryArithmeticCoercion(binding);
  }

  @Override
  public boolean binaryComparisonCoercion(SqlCallBinding binding) {
    refuseTextBesideOther(binding);
    return super.binaryComparisonCoercion(binding);
  }

  @Override
  public boolean builtinFunctionCoercion(
      SqlCallBinding binding, List<RelDataType> operandTypes, List<SqlTypeFamily> families) {
    for (int i = 0; i < Math.min(operandTypes.size(), families.size()); i++) {
      SqlTypeFamily family = families.get(i);
      boolean takesText = family == SqlTypeFamily.CHARACTER || family == SqlTypeFamily.STRING;
      boolean refused =
          takesText
              ? SqlTypeUtil.isNumeric(operandTypes.get(i))
              : family == SqlTypeFamily.NUMERIC && isText(binding.operand(i), operandTypes.get(i));
      if (refused) {
        throw noFunction(binding.getCall(), operandTypes);
      }
    }
    return super.builtinFunctionCoercion(binding, operandTypes, families);
  }

  private static void refuseTextBesideOther(SqlCallBinding binding) {
    // Functions of two arguments come here as well: lag(text, integer).
    if (!(binding.getOperator() instanceof SqlBinaryOperator)) {
      return;
    }
    RelDataType left = binding.getOperandType(0);
    RelDataType right = binding.getOperandType(1);
    if ((isText(binding.operand(0), left) && isOther(right))
        || (isText(binding.operand(1), right) && isOther(left))) {
      throw new PpdbException(
          ErrorCode.UNDEFINED_FUNCTION,
          "operator does not exist: "
              + name(left)
              + " "
              + binding.getOperator().getName()
              + " "
              + name(right)
              + place(binding.getCall()));
    }
  }

  /** Text that has no other type by itself. */
  private static boolean isText(SqlNode node, RelDataType type) {
    return SqlTypeUtil.inCharFamily(type)
        && !(node instanceof SqlLiteral)
        && !(node instanceof SqlDynamicParam);
  }

  private static boolean isOther(RelDataType type) {
    return SqlTypeUtil.isNumeric(type)
        || SqlTypeUtil.isDatetime(type)
        || SqlTypeUtil.isInterval(type)
        || SqlTypeUtil.isBoolean(type);
  }

  /** The error for a call that no function takes. */
  static PpdbException noFunction(SqlCall call, List<RelDataType> argumentTypes) {
    return new PpdbException(
        ErrorCode.UNDEFINED_FUNCTION,
        "function "
            + call.getOperator().getName().toLowerCase(Locale.ROOT)
            + "("
            + String.join(", ", argumentTypes.stream().map(TextCoercion::name).toList())
            + ") does not exist"
            + place(call));
  }

  /** PostgreSQL's name of a type, without its length. */
  private static String name(RelDataType type) {
    if (SqlTypeUtil.inCharFamily(type)) {
      return "text";
    }
    if (SqlTypeUtil.isDecimal(type)) {
      return "numeric";
    }
    boolean known =
        type.getSqlTypeName() != SqlTypeName.NULL
            && type.getSqlTypeName() != SqlTypeName.UNKNOWN
            && type.getSqlTypeName() != SqlTypeName.ANY;
    return known && type.getComponentType() == null && !type.isStruct()
        ? ColumnType.fromCalcite(type).toString()
        : "unknown";
  }

  private static String place(SqlCall call) {
    SqlParserPos position = call.getParserPosition();
    return StatementParser.at(position.getLineNum(), position.getColumnNum());
  }
}
