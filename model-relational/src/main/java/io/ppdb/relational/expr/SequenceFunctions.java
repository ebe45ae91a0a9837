package io.ppdb.relational.expr;

import io.ppdb.relational.type.ColumnType;
import io.ppdb.relational.vector.BooleanVector;
import io.ppdb.relational.vector.BytesVector;
import io.ppdb.relational.vector.LongVector;
import io.ppdb.relational.vector.Vector;
import io.ppdb.relational.vector.VectorBatch;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Functions on sequences; each row is a call. */
final class SequenceFunctions {
  private SequenceFunctions() {}

  static void register(Map<String, Functions.Builder> functions) {
    functions.put("NEXTVAL", (c, a) -> call(c, a, (s, v, i) -> s.next(text(v[0], i))));
    functions.put("CURRVAL", (c, a) -> call(c, a, (s, v, i) -> s.current(text(v[0], i))));
    functions.put("LASTVAL", (c, a) -> call(c, a, (s, v, i) -> s.last()));
    functions.put("SETVAL", SequenceFunctions::set);
  }

  private static VectorExpression set(ExpressionCompiler compiler, VectorExpression[] arguments) {
    arguments[1] = compiler.cast(arguments[1], ColumnType.BIGINT);
    return call(
        compiler,
        arguments,
        (sequences, values, i) ->
            sequences.set(
                text(values[0], i),
                ((LongVector) values[1]).get(i),
                values.length < 3 || ((BooleanVector) values[2]).get(i)));
  }

  private static String text(Vector vector, int position) {
    return ((BytesVector) vector).getString(position);
  }

  /** What is done for one row. */
  @FunctionalInterface
  private interface Call {
    long apply(SequenceValues sequences, Vector[] arguments, int position);
  }

  private static VectorExpression call(
      ExpressionCompiler compiler, VectorExpression[] arguments, Call call) {
    return new SequenceCall(compiler.context(), arguments, call);
  }

  private static final class SequenceCall extends VectorExpression {
    private final EvaluationContext context;
    private final VectorExpression[] arguments;
    private final Vector[] values;
    private final Call call;
    private final LongVector result = new LongVector(ColumnType.BIGINT, 0);

    SequenceCall(EvaluationContext context, VectorExpression[] arguments, Call call) {
      super(ColumnType.BIGINT);
      this.context = context;
      this.arguments = arguments;
      this.values = new Vector[arguments.length];
      this.call = call;
    }

    @Override
    public Vector evaluate(VectorBatch batch, int @Nullable [] selection, int count) {
      for (int i = 0; i < arguments.length; i++) {
        values[i] = arguments[i].evaluate(batch, selection, count);
      }
      result.reset(batch.rowCount());
      for (int i = 0; i < count; i++) {
        int position = selection == null ? i : selection[i];
        boolean isNull = false;
        for (Vector value : values) {
          isNull |= value.isNull(position);
        }
        if (isNull) {
          result.setNull(position);
        } else {
          result.set(position, call.apply(context.sequences(), values, position));
        }
      }
      return result;
    }
  }
}
