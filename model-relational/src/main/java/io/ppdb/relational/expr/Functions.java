package io.ppdb.relational.expr;

import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.PpdbException;
import io.ppdb.relational.type.ColumnType;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import org.apache.calcite.rex.RexCall;

/** The functions, by name: finds the kernel of a call that is no operator. */
final class Functions {
  private Functions() {}

  /** The expression for a call of a function. */
  static VectorExpression compile(RexCall call, ColumnType type, ExpressionCompiler compiler) {
    String name = call.getOperator().getName().toUpperCase(Locale.ROOT);
    VectorExpression[] arguments = compiler.compileEach(call.getOperands());
    throw new PpdbException(
        ErrorCode.UNDEFINED_FUNCTION,
        "function does not exist: "
            + name.toLowerCase(Locale.ROOT)
            + Arrays.stream(arguments)
                .map(argument -> argument.type().toString())
                .collect(Collectors.joining(", ", "(", ")")));
  }
}
