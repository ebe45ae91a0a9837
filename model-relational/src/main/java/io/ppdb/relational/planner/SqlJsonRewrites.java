package io.ppdb.relational.planner;

import io.ppdb.relational.expr.SqlJsonFunctions;
import io.ppdb.relational.parser.SyntaxTrees;
import io.ppdb.relational.type.ColumnType;
import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.sql.SqlBasicCall;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlFunction;
import org.apache.calcite.sql.SqlFunctionCategory;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlJsonConstructorNullClause;
import org.apache.calcite.sql.SqlJsonEmptyOrError;
import org.apache.calcite.sql.SqlJsonValueEmptyOrErrorBehavior;
import org.apache.calcite.sql.SqlJsonValueReturning;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlLiteral;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlUnresolvedFunction;
import org.apache.calcite.sql.fun.SqlJsonArrayAggAggFunction;
import org.apache.calcite.sql.fun.SqlJsonObjectAggAggFunction;
import org.apache.calcite.sql.fun.SqlJsonValueExpressionOperator;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.parser.SqlParserPos;

/**
 * The functions of SQL/JSON, of which Calcite knows what they look like, as calls of ours: their
 * options become arguments, and what they give is JSON, not text.
 */
final class SqlJsonRewrites {
  private SqlJsonRewrites() {}

  /** {@code call} as it can be validated; itself if it is none of these functions. */
  static SqlCall apply(SqlCall call) {
    if (call.getKind() == SqlKind.WITHIN_GROUP && call.operand(0) instanceof SqlCall aggregate) {
      return aggregated(aggregate, call);
    }
    SqlParserPos position = call.getParserPosition();
    return switch (call.getOperator().getName()) {
      case "JSON_VALUE" -> value(call);
      case "JSON_QUERY" -> query(call);
      case "JSON_EXISTS" ->
          SqlJsonFunctions.EXISTS.createCall(
              position,
              document(call.operand(0)),
              call.operand(1),
              text(call.operandCount() > 2 ? symbol(call.operand(2)) : "FALSE"));
      case "JSON_OBJECT" -> constructed(call, "jsonb_build_object", SqlJsonFunctions.OBJECT);
      case "JSON_ARRAY" -> constructed(call, "jsonb_build_array", SqlJsonFunctions.ARRAY);
      case "IS JSON VALUE", "IS JSON" -> isJson(call, "VALUE");
      case "IS JSON OBJECT" -> isJson(call, "OBJECT");
      case "IS JSON ARRAY" -> isJson(call, "ARRAY");
      case "IS JSON SCALAR" -> isJson(call, "SCALAR");
      case "IS NOT JSON VALUE", "IS NOT JSON" -> not(isJson(call, "VALUE"));
      case "IS NOT JSON OBJECT" -> not(isJson(call, "OBJECT"));
      case "IS NOT JSON ARRAY" -> not(isJson(call, "ARRAY"));
      case "IS NOT JSON SCALAR" -> not(isJson(call, "SCALAR"));
      default -> aggregated(call, call);
    };
  }

  private static SqlCall not(SqlCall call) {
    return SqlStdOperatorTable.NOT.createCall(call.getParserPosition(), call);
  }

  private static SqlCall isJson(SqlCall call, String kind) {
    return SqlJsonFunctions.IS_JSON.createCall(
        call.getParserPosition(), call.operand(0), text(kind));
  }

  /** The document itself, which the parser marks as one. */
  private static SqlNode document(SqlNode node) {
    return node instanceof SqlCall call
            && call.getOperator() instanceof SqlJsonValueExpressionOperator
        ? call.operand(0)
        : node;
  }

  private static SqlLiteral text(String value) {
    return SqlLiteral.createCharString(value, SqlParserPos.ZERO);
  }

  private static String symbol(SqlNode node) {
    return ((SqlLiteral) node).getValueAs(Enum.class).name();
  }

  private static SqlNode nullOf(SqlNode type) {
    return SqlStdOperatorTable.CAST.createCall(
        SqlParserPos.ZERO, SqlLiteral.createNull(SqlParserPos.ZERO), type);
  }

  private static SqlCall value(SqlCall call) {
    SqlNode type = null;
    String[] behaviours = {"NULL", "NULL"};
    SqlNode[] defaults = {
      SqlLiteral.createNull(SqlParserPos.ZERO), SqlLiteral.createNull(SqlParserPos.ZERO)
    };
    int index = 2;
    while (index < call.operandCount()) {
      Object option = ((SqlLiteral) call.operand(index++)).getValue();
      if (option instanceof SqlJsonValueReturning) {
        type = call.operand(index++);
        continue;
      }
      SqlNode other = null;
      if (option == SqlJsonValueEmptyOrErrorBehavior.DEFAULT) {
        other = call.operand(index++);
      }
      boolean ofError =
          ((SqlLiteral) call.operand(index++)).getValue() == SqlJsonEmptyOrError.ERROR;
      behaviours[ofError ? 1 : 0] = String.valueOf(option);
      if (other != null) {
        defaults[ofError ? 1 : 0] = other;
      }
    }
    SqlNode none =
        type == null
            ? ColumnTypeName.cast(SqlLiteral.createNull(SqlParserPos.ZERO), ColumnType.TEXT)
            : nullOf(type);
    return SqlJsonFunctions.VALUE.createCall(
        call.getParserPosition(),
        document(call.operand(0)),
        call.operand(1),
        text(behaviours[0]),
        text(behaviours[1]),
        none,
        defaults[0],
        defaults[1]);
  }

  private static SqlCall query(SqlCall call) {
    SqlParserPos position = call.getParserPosition();
    SqlCall query =
        SqlJsonFunctions.QUERY.createCall(
            position,
            document(call.operand(0)),
            call.operand(1),
            text(symbol(call.operand(2))),
            text(symbol(call.operand(3))),
            text(symbol(call.operand(4))));
    return call.operandCount() > 5 && call.operand(5) != null
        ? SqlStdOperatorTable.CAST.createCall(position, query, call.operand(5))
        : query;
  }

  private static SqlCall constructed(SqlCall call, String withNulls, SqlFunction withoutNulls) {
    if (!(call.operandCount() > 0
        && call.operand(0) instanceof SqlLiteral clause
        && clause.getValue() instanceof SqlJsonConstructorNullClause nulls)) {
      return call; // PostgreSQL's function of that name
    }
    List<SqlNode> operands = new ArrayList<>();
    for (SqlNode operand : call.getOperandList().subList(1, call.operandCount())) {
      operands.add(document(operand));
    }
    SqlParserPos position = call.getParserPosition();
    return nulls == SqlJsonConstructorNullClause.NULL_ON_NULL
        ? unresolved(withNulls, position, operands)
        : withoutNulls.createCall(position, operands);
  }

  private static SqlCall unresolved(String name, SqlParserPos position, List<SqlNode> operands) {
    return new SqlUnresolvedFunction(
            new SqlIdentifier(name, position),
            null,
            null,
            null,
            null,
            SqlFunctionCategory.USER_DEFINED_FUNCTION)
        .createCall(position, operands);
  }

  /** An aggregate, {@code around} which its order may stand. */
  @SuppressWarnings("ReferenceEquality") // the same call, not an equal one
  private static SqlCall aggregated(SqlCall aggregate, SqlCall around) {
    String name;
    SqlJsonConstructorNullClause nulls;
    if (aggregate.getOperator() instanceof SqlJsonArrayAggAggFunction array) {
      name = "jsonb_agg";
      nulls = array.getNullClause();
    } else if (aggregate.getOperator() instanceof SqlJsonObjectAggAggFunction object) {
      name = "jsonb_object_agg";
      nulls = object.getNullClause();
    } else {
      return around;
    }
    SqlParserPos position = aggregate.getParserPosition();
    List<SqlNode> operands = new ArrayList<>();
    aggregate.getOperandList().forEach(operand -> operands.add(document(operand)));
    SqlCall call = unresolved(name, position, operands);
    if (around != aggregate) {
      call =
          new SqlBasicCall(
              around.getOperator(),
              List.of(call, around.<SqlNode>operand(1)),
              around.getParserPosition());
    }
    if (nulls == SqlJsonConstructorNullClause.NULL_ON_NULL) {
      return call;
    }
    SqlNode value = SyntaxTrees.copy(operands.get(operands.size() - 1));
    return SqlStdOperatorTable.FILTER.createCall(
        position, call, SqlStdOperatorTable.IS_NOT_NULL.createCall(position, value));
  }
}
