package io.ppdb.relational.expr;

import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.PpdbException;
import io.ppdb.relational.type.ColumnType;
import io.ppdb.relational.type.TypeKind;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.calcite.avatica.util.TimeUnitRange;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexLiteral;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.sql.fun.SqlTrimFunction;
import org.apache.calcite.sql.type.SqlTypeName;
import org.jspecify.annotations.Nullable;

/** The functions, by name: builds the expression of a call that is no operator. */
final class Functions {
  private static final Map<String, Builder> BY_NAME = new HashMap<>();

  static {
    MathFunctions.register(BY_NAME);
    StringFunctions.register(BY_NAME);
    DateTimeFunctions.register(BY_NAME);
    PatternFunctions.register(BY_NAME);
    BitFunctions.register(BY_NAME);
    TimeZones.register(BY_NAME);
    SequenceFunctions.register(BY_NAME);
    SessionFunctions.register(BY_NAME);
    PrivilegeFunctions.register(BY_NAME);
    CatalogCalls.register(BY_NAME);
    NumberFunctions.register(BY_NAME);
    QuotingFunctions.register(BY_NAME);
    FormatFunctions.register(BY_NAME);
    JsonFunctions.register(BY_NAME);
    SqlJsonFunctions.register(BY_NAME);
    RegexFunctions.register(BY_NAME);
    ArrayFunctions.register(BY_NAME);
    QuantifiedComparison.register(BY_NAME);
    BY_NAME.put("@>", (c, a) -> contains(c, a[0], a[1]));
    BY_NAME.put("<@", (c, a) -> contains(c, a[1], a[0]));
  }

  private Functions() {}

  /** Builds the expression for a call with these arguments; its type may differ from the call's. */
  @FunctionalInterface
  interface Builder {
    VectorExpression build(ExpressionCompiler compiler, VectorExpression[] arguments);
  }

  /** The names of all functions, in upper case. */
  static java.util.Set<String> names() {
    return BY_NAME.keySet();
  }

  /** The expression for a call of a function. */
  static VectorExpression compile(RexCall call, ColumnType type, ExpressionCompiler compiler) {
    String name = call.getOperator().getName().toUpperCase(Locale.ROOT);
    List<RexNode> operands = call.getOperands();
    VectorExpression special =
        switch (name) {
          case "EXTRACT" ->
              DateTimeFunctions.extract(
                  compiler, symbol(operands.get(0)), compiler.compile(operands.get(1)));
          case "FLOOR", "CEIL", "CEILING" ->
              operands.size() == 2
                  ? DateTimeFunctions.floorOrCeil(
                      compiler,
                      symbol(operands.get(1)),
                      compiler.compile(operands.get(0)),
                      name.equals("FLOOR"))
                  : null;
          case "TRIM" -> trim(compiler, operands);
          case "PG_TYPEOF" -> new Constant(ColumnType.TEXT, typeName(operands.get(0)));
          case "$ARRAY", "ARRAY" ->
              ArrayFunctions.construct(compiler, type, compiler.compileEach(operands));
          default -> null;
        };
    if (special != null) {
      return compiler.cast(special, type);
    }
    Builder builder = BY_NAME.get(name);
    VectorExpression[] arguments = compiler.compileEach(operands);
    if (builder == null) {
      throw undefined(name, arguments);
    }
    return compiler.cast(builder.build(compiler, arguments), type);
  }

  /** What pg_typeof says: a type without its length; a literal text has none yet. */
  private static String typeName(RexNode node) {
    ColumnType type = ColumnType.fromCalcite(node.getType());
    if (node.getType().getSqlTypeName() == SqlTypeName.CHAR) {
      return "unknown";
    }
    boolean sized = type.precision() != ColumnType.UNLIMITED;
    return sized ? type.kind().sqlName() : type.toString();
  }

  private static VectorExpression trim(ExpressionCompiler compiler, List<RexNode> operands) {
    SqlTrimFunction.Flag flag =
        operands.size() == 3
            ? ((RexLiteral) operands.get(0)).getValueAs(SqlTrimFunction.Flag.class)
            : null;
    SqlTrimFunction.Flag sides = flag == null ? SqlTrimFunction.Flag.BOTH : flag;
    int first = operands.size() == 3 ? 1 : 0;
    return StringFunctions.trim(
        compiler,
        sides.getLeft() == 1,
        sides.getRight() == 1,
        compiler.compile(operands.get(operands.size() - 1)),
        operands.size() - first == 2 ? compiler.compile(operands.get(first)) : null);
  }

  /** The name of a time unit, given as a symbol or as text. */
  private static String symbol(RexNode node) {
    Object value = node instanceof RexLiteral literal ? literal.getValue() : null;
    if (value instanceof TimeUnitRange range) {
      return range.name();
    }
    if (value == null) {
      throw Errors.invalidArgument("a time unit was expected, seen " + node);
    }
    return value.toString();
  }

  private static VectorExpression contains(
      ExpressionCompiler compiler, VectorExpression whole, VectorExpression part) {
    return whole.type().kind() == TypeKind.ARRAY
        ? ArrayFunctions.contains(compiler, whole, part)
        : JsonFunctions.contains(compiler, whole, part);
  }

  /** The error for a call that no function answers to. */
  static PpdbException undefined(String name, VectorExpression... arguments) {
    return new PpdbException(
        ErrorCode.UNDEFINED_FUNCTION,
        "function does not exist: "
            + name.toLowerCase(Locale.ROOT)
            + Arrays.stream(arguments)
                .map(argument -> argument.type().toString())
                .collect(Collectors.joining(", ", "(", ")")));
  }

  /** The value of an argument that is a constant text, or null if it is anything else. */
  static @Nullable String constantText(VectorExpression argument) {
    return argument instanceof Constant constant && constant.value() instanceof String text
        ? text
        : null;
  }
}
