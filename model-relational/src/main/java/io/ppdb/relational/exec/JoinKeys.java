package io.ppdb.relational.exec;

import io.ppdb.relational.expr.EvaluationContext;
import io.ppdb.relational.expr.ExpressionCompiler;
import io.ppdb.relational.expr.Numerics;
import io.ppdb.relational.expr.VectorExpression;
import io.ppdb.relational.type.ColumnType;
import io.ppdb.relational.vector.Vector;
import io.ppdb.relational.vector.VectorBatch;
import java.util.List;

/** The keys of both sides of a join, as values of types that can be compared. Not thread-safe. */
final class JoinKeys {
  private final VectorExpression[] left;
  private final VectorExpression[] right;

  JoinKeys(
      List<ColumnType> leftTypes,
      List<Integer> leftKeys,
      List<ColumnType> rightTypes,
      List<Integer> rightKeys,
      EvaluationContext context) {
    ExpressionCompiler leftCompiler = new ExpressionCompiler(leftTypes, context);
    ExpressionCompiler rightCompiler = new ExpressionCompiler(rightTypes, context);
    left = new VectorExpression[leftKeys.size()];
    right = new VectorExpression[left.length];
    for (int i = 0; i < left.length; i++) {
      ColumnType leftType = leftTypes.get(leftKeys.get(i));
      ColumnType rightType = rightTypes.get(rightKeys.get(i));
      left[i] = leftCompiler.column(leftKeys.get(i), Numerics.comparable(leftType, rightType));
      right[i] = rightCompiler.column(rightKeys.get(i), Numerics.comparable(rightType, leftType));
    }
  }

  /** The keys of the live rows of a batch of the left side. */
  Vector[] ofLeft(VectorBatch batch) {
    return evaluate(left, batch);
  }

  /** The keys of the live rows of a batch of the right side. */
  Vector[] ofRight(VectorBatch batch) {
    return evaluate(right, batch);
  }

  private static Vector[] evaluate(VectorExpression[] expressions, VectorBatch batch) {
    Vector[] vectors = new Vector[expressions.length];
    for (int i = 0; i < vectors.length; i++) {
      vectors[i] = expressions[i].evaluate(batch, batch.selection(), batch.size());
    }
    return vectors;
  }
}
