package io.ppdb.relational.expr;

import io.ppdb.relational.type.TypeKind;
import java.util.Map;

/** Operators on the bits of integers. A shift counts modulo the bits of its left operand. */
final class BitFunctions {
  private BitFunctions() {}

  static void register(Map<String, Functions.Builder> functions) {
    functions.put("&", (c, a) -> LongKernels.binary(c, a, (x, y) -> x & y));
    functions.put("|", (c, a) -> LongKernels.binary(c, a, (x, y) -> x | y));
    functions.put("<<", BitFunctions::shiftLeft);
    functions.put(">>", BitFunctions::shiftRight);
  }

  private static VectorExpression shiftLeft(ExpressionCompiler compiler, VectorExpression[] a) {
    TypeKind kind = a[0].type().kind();
    return LongKernels.binary(
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
        ? LongKernels.binary(compiler, a, (x, y) -> x >> y)
        : LongKernels.binary(compiler, a, (x, y) -> (int) x >> y);
  }
}
