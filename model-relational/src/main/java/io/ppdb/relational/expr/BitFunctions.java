package io.ppdb.relational.expr;

import io.ppdb.relational.type.ColumnType;
import io.ppdb.relational.type.TypeKind;
import io.ppdb.relational.vector.LongVector;
import java.util.Map;
import java.util.function.LongBinaryOperator;

/** Operators on the bits of integers. A shift counts modulo the bits of its left operand. */
final class BitFunctions {
  private BitFunctions() {}

  static void register(Map<String, Functions.Builder> functions) {
    functions.put("&", (c, a) -> binary(c, a, (x, y) -> x & y));
    functions.put("|", (c, a) -> binary(c, a, (x, y) -> x | y));
    functions.put("<<", BitFunctions::shiftLeft);
    functions.put(">>", BitFunctions::shiftRight);
  }

  private static VectorExpression binary(
      ExpressionCompiler compiler, VectorExpression[] a, LongBinaryOperator operation) {
    return compiler.strict(
        ColumnType.BIGINT,
        Kernel.of(
            (v, i, r) ->
                ((LongVector) r)
                    .set(
                        i,
                        operation.applyAsLong(
                            ((LongVector) v[0]).get(i), ((LongVector) v[1]).get(i)))),
        compiler.cast(a[0], ColumnType.BIGINT),
        compiler.cast(a[1], ColumnType.BIGINT));
  }

  private static VectorExpression shiftLeft(ExpressionCompiler compiler, VectorExpression[] a) {
    TypeKind kind = a[0].type().kind();
    return binary(
        compiler,
        a,
        switch (kind) {
          case SMALLINT -> (x, y) -> (short) ((int) x << y);
          case INTEGER -> (x, y) -> (int) x << y;
          default -> (x, y) -> x << y;
        });
  }

  private static VectorExpression shiftRight(ExpressionCompiler compiler, VectorExpression[] a) {
    return a[0].type().kind() == TypeKind.BIGINT
        ? binary(compiler, a, (x, y) -> x >> y)
        : binary(compiler, a, (x, y) -> (int) x >> y);
  }
}
