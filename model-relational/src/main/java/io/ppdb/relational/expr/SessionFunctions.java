package io.ppdb.relational.expr;

import io.ppdb.relational.type.ColumnType;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.apache.calcite.sql.SqlFunction;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlSyntax;
import org.apache.calcite.sql.type.OperandTypes;
import org.apache.calcite.sql.type.ReturnTypes;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.calcite.sql.type.SqlTypeTransforms;
import org.jspecify.annotations.Nullable;

/** Functions about the session: who it is, and where it looks for names. */
final class SessionFunctions {
  /** The name of the database, of which a store has one. */
  private static final String DATABASE = "ppdb";

  private SessionFunctions() {}

  /** The functions as statements call them. */
  static List<SqlFunction> operators() {
    return List.of(
        function("CURRENT_USER", SqlSyntax.FUNCTION_ID),
        function("CURRENT_ROLE", SqlSyntax.FUNCTION_ID),
        function("USER", SqlSyntax.FUNCTION_ID),
        function("SESSION_USER", SqlSyntax.FUNCTION_ID),
        function("CURRENT_CATALOG", SqlSyntax.FUNCTION_ID),
        function("CURRENT_DATABASE", SqlSyntax.FUNCTION),
        function("CURRENT_SCHEMA", SqlSyntax.FUNCTION_ID));
  }

  private static SqlFunction function(String name, SqlSyntax syntax) {
    return new PpdbFunction(
        name,
        SqlKind.OTHER_FUNCTION,
        ReturnTypes.explicit(SqlTypeName.VARCHAR).andThen(SqlTypeTransforms.FORCE_NULLABLE),
        OperandTypes.NILADIC,
        PpdbFunction.Volatility.STABLE,
        syntax);
  }

  static void register(Map<String, Functions.Builder> functions) {
    functions.put("CURRENT_USER", (c, a) -> text(c, SessionInfo::currentUser));
    functions.put("CURRENT_ROLE", (c, a) -> text(c, SessionInfo::currentUser));
    functions.put("USER", (c, a) -> text(c, SessionInfo::currentUser));
    functions.put("SESSION_USER", (c, a) -> text(c, SessionInfo::sessionUser));
    functions.put("CURRENT_SCHEMA", (c, a) -> text(c, SessionInfo::currentSchema));
    functions.put("CURRENT_CATALOG", (c, a) -> new Constant(ColumnType.TEXT, DATABASE));
    functions.put("CURRENT_DATABASE", (c, a) -> new Constant(ColumnType.TEXT, DATABASE));
  }

  private static VectorExpression text(
      ExpressionCompiler compiler, Function<SessionInfo, @Nullable String> value) {
    return new Constant(ColumnType.TEXT, value.apply(compiler.context().session()));
  }
}
