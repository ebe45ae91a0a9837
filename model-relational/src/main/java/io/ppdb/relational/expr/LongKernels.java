package io.ppdb.relational.expr;

import io.ppdb.relational.type.ColumnType;
import io.ppdb.relational.vector.LongVector;
import java.util.function.LongBinaryOperator;

/** Functions of two whole numbers, computed as bigint; NULL if one of them is. */
final class LongKernels {
  private LongKernels() {}

  static VectorExpression binary(
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
}
