package io.ppdb.relational.expr;

import io.ppdb.relational.pgcatalog.CatalogFunctions;
import io.ppdb.relational.pgcatalog.CatalogFunctions.Signature;
import io.ppdb.relational.type.ColumnType;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.calcite.sql.SqlFunction;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlSyntax;
import org.jspecify.annotations.Nullable;

/** The functions of {@code pg_catalog} as statements call them. */
final class CatalogCalls {
  private CatalogCalls() {}

  static List<SqlFunction> operators() {
    List<SqlFunction> functions = new ArrayList<>();
    CatalogFunctions.signatures()
        .forEach((name, signature) -> functions.add(function(name, signature)));
    return functions;
  }

  private static SqlFunction function(String name, Signature signature) {
    Parameters parameters =
        Parameters.oneOf(Collections.nCopies(signature.most(), Parameters.ANY))
            .requiring(signature.least());
    return new PpdbFunction(
        name.toUpperCase(Locale.ROOT),
        SqlKind.OTHER_FUNCTION,
        JsonOperators.maybe(signature.result()),
        parameters,
        name.equals("set_config")
            ? PpdbFunction.Volatility.VOLATILE
            : PpdbFunction.Volatility.STABLE,
        SqlSyntax.FUNCTION);
  }

  static void register(Map<String, Functions.Builder> functions) {
    CatalogFunctions.signatures()
        .forEach(
            (name, signature) ->
                functions.put(
                    name.toUpperCase(Locale.ROOT),
                    (compiler, arguments) -> call(compiler, name, signature.result(), arguments)));
  }

  private static VectorExpression call(
      ExpressionCompiler compiler, String name, ColumnType type, VectorExpression[] arguments) {
    EvaluationContext context = compiler.context();
    return new NullableCall(
        type,
        context,
        (values, position, result) -> {
          @Nullable Object[] given = new Object[values.length];
          for (int i = 0; i < given.length; i++) {
            given[i] = values[i].isNull(position) ? null : values[i].getObject(position);
          }
          result.setObject(position, CatalogFunctions.call(name, given, context.session()));
        },
        arguments);
  }
}
