package io.ppdb.relational.expr;

import io.ppdb.kv.PpdbException;
import io.ppdb.relational.type.ColumnType;
import io.ppdb.relational.type.PhysicalType;
import io.ppdb.relational.type.PpdbTypeFactory;
import io.ppdb.relational.type.TypeKind;
import io.ppdb.relational.vector.BooleanVector;
import io.ppdb.relational.vector.Vector;
import io.ppdb.relational.vector.VectorBatch;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexCorrelVariable;
import org.apache.calcite.rex.RexDynamicParam;
import org.apache.calcite.rex.RexFieldAccess;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexLiteral;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexUtil;
import org.apache.calcite.sql.SqlKind;
import org.jspecify.annotations.Nullable;

/**
 * Compiles Calcite's row expressions into trees of kernels.
 *
 * <p>Operands of different types meet in the type PostgreSQL would choose; constants are cast and
 * folded at once. What cannot be computed at compile time without an error (a division by zero in a
 * branch that is never taken) stays in the tree and fails only if a row reaches it. A compiler and
 * what it compiled serve one operator of one execution.
 */
public final class ExpressionCompiler {
  private static final RexBuilder REX_BUILDER = new RexBuilder(new PpdbTypeFactory());

  private final List<ColumnType> inputTypes;
  private final EvaluationContext context;
  private final PredicateCompiler predicates = new PredicateCompiler(this);
  private final VectorBatch oneRow = new VectorBatch();

  /** Expressions that the current scope shares: null inside branches that see fewer rows. */
  private @Nullable Map<RexNode, SharedExpression> scope;

  private Map<RexNode, Integer> occurrences = new HashMap<>();

  /**
   * @param inputTypes the types of the input columns that references count
   * @param context where parameters, clock and time zone come from
   */
  public ExpressionCompiler(List<ColumnType> inputTypes, EvaluationContext context) {
    this.inputTypes = List.copyOf(inputTypes);
    this.context = context;
    oneRow.setRowCount(1);
  }

  EvaluationContext context() {
    return context;
  }

  /** An expression that computes {@code node}. */
  public VectorExpression compile(RexNode node) {
    Map<RexNode, SharedExpression> shared = scope;
    if (shared != null && node instanceof RexCall && occurrences.getOrDefault(node, 0) > 1) {
      SharedExpression known = shared.get(node);
      if (known == null) {
        known = new SharedExpression(compileNode(node));
        shared.put(node, known);
      }
      return known;
    }
    return compileNode(node);
  }

  /** An expression that computes {@code node} and casts the result to {@code type}. */
  public VectorExpression compileTo(ColumnType type, RexNode node) {
    return cast(compile(node), type);
  }

  /** The value of {@code node}, which refers to no input, as {@code type}. */
  public @Nullable Object constant(ColumnType type, RexNode node) {
    return compileTo(type, node).evaluate(oneRow, null, 1).getObject(0);
  }

  /** Input column {@code index} as a value of {@code type}. */
  public VectorExpression column(int index, ColumnType type) {
    return cast(new InputReference(inputTypes.get(index), index), type);
  }

  /** Expressions that compute {@code nodes} over the same rows and share common parts. */
  public Projection compileAll(List<? extends RexNode> nodes) {
    Map<RexNode, SharedExpression> shared = new HashMap<>();
    occurrences = new HashMap<>();
    nodes.forEach(this::countOccurrences);
    scope = shared;
    try {
      List<VectorExpression> expressions = new ArrayList<>();
      for (RexNode node : nodes) {
        expressions.add(compile(node));
      }
      return new Projection(expressions, new ArrayList<>(shared.values()));
    } finally {
      scope = null;
    }
  }

  /** A predicate that keeps the rows for which {@code condition} is true. */
  public VectorPredicate compilePredicate(RexNode condition) {
    return unshared(() -> predicates.compile(condition));
  }

  private void countOccurrences(RexNode node) {
    if (node instanceof RexCall call && RexUtil.isDeterministic(call)) {
      if (occurrences.merge(call, 1, Integer::sum) == 1) {
        call.getOperands().forEach(this::countOccurrences);
      }
    }
  }

  /** Compiles what is not evaluated for all rows: it may not share results with the rest. */
  private <T> T unshared(Supplier<T> compilation) {
    Map<RexNode, SharedExpression> outer = scope;
    scope = null;
    try {
      return compilation.get();
    } finally {
      scope = outer;
    }
  }

  private VectorExpression compileNode(RexNode node) {
    if (node instanceof RexInputRef reference) {
      return new InputReference(inputTypes.get(reference.getIndex()), reference.getIndex());
    } else if (node instanceof RexLiteral literal) {
      return new Constant(ColumnType.fromCalcite(literal.getType()), Literals.value(literal));
    } else if (node instanceof RexDynamicParam parameter) {
      return new Constant(
          ColumnType.fromCalcite(parameter.getType()), context.parameter(parameter.getIndex()));
    } else if (node instanceof RexFieldAccess access
        && access.getReferenceExpr() instanceof RexCorrelVariable variable) {
      return new CorrelatedReference(
          ColumnType.fromCalcite(access.getType()),
          context.correlation(variable.getName()),
          access.getField().getIndex());
    } else if (node instanceof RexCall call) {
      return compileCall(call);
    }
    throw Errors.notSupported("expression " + node);
  }

  private VectorExpression compileCall(RexCall call) {
    ColumnType type = ColumnType.fromCalcite(call.getType());
    List<RexNode> operands = call.getOperands();
    return switch (call.getKind()) {
      case AND -> unshared(() -> LogicalExpression.and(compileEach(operands)));
      case OR -> unshared(() -> LogicalExpression.or(compileEach(operands)));
      case NOT -> strict(type, ExpressionCompiler::negateTruth, compile(operands.get(0)));
      case IS_NULL, IS_UNKNOWN -> new TruthTest(compile(operands.get(0)), false, false, true);
      case IS_NOT_NULL -> new TruthTest(compile(operands.get(0)), true, true, false);
      case IS_TRUE -> new TruthTest(compile(operands.get(0)), true, false, false);
      case IS_NOT_TRUE -> new TruthTest(compile(operands.get(0)), false, true, true);
      case IS_FALSE -> new TruthTest(compile(operands.get(0)), false, true, false);
      case IS_NOT_FALSE -> new TruthTest(compile(operands.get(0)), true, false, true);
      case EQUALS, NOT_EQUALS, LESS_THAN, LESS_THAN_OR_EQUAL, GREATER_THAN, GREATER_THAN_OR_EQUAL ->
          compare(comparison(call.getKind()), operands.get(0), operands.get(1));
      case IS_DISTINCT_FROM, IS_NOT_DISTINCT_FROM -> {
        VectorExpression[] sides = aligned(operands.get(0), operands.get(1));
        yield new DistinctFrom(sides[0], sides[1], call.getKind() == SqlKind.IS_DISTINCT_FROM);
      }
      case SEARCH -> search(call);
      case CASE -> caseOf(type, operands);
      case COALESCE -> unshared(() -> new CoalesceExpression(type, compileEachTo(type, operands)));
      case CAST, REINTERPRET -> cast(compile(operands.get(0)), type);
      case PLUS, MINUS, TIMES, DIVIDE, MOD, MINUS_PREFIX, PLUS_PREFIX ->
          arithmetic(call.getKind(), type, compileEach(operands));
      default -> Functions.compile(call, type, this);
    };
  }

  VectorExpression[] compileEach(List<RexNode> nodes) {
    VectorExpression[] compiled = new VectorExpression[nodes.size()];
    for (int i = 0; i < compiled.length; i++) {
      compiled[i] = compile(nodes.get(i));
    }
    return compiled;
  }

  VectorExpression[] compileEachTo(ColumnType type, List<RexNode> nodes) {
    VectorExpression[] compiled = compileEach(nodes);
    for (int i = 0; i < compiled.length; i++) {
      compiled[i] = cast(compiled[i], type);
    }
    return compiled;
  }

  /** A strict call, computed at once if all its arguments are constants. */
  VectorExpression strict(ColumnType type, Kernel kernel, VectorExpression... arguments) {
    StrictCall call = new StrictCall(type, context, kernel, arguments);
    for (VectorExpression argument : arguments) {
      if (!(argument instanceof Constant)) {
        return call;
      }
    }
    try {
      return new Constant(type, call.evaluate(oneRow, null, 1).getObject(0));
    } catch (PpdbException e) {
      return call; // fails where and when a row needs it
    }
  }

  /** A call that sees NULLs, computed at once if all its arguments are constants. */
  VectorExpression nullable(ColumnType type, RowFunction function, VectorExpression... arguments) {
    NullableCall call = new NullableCall(type, context, function, arguments);
    for (VectorExpression argument : arguments) {
      if (!(argument instanceof Constant)) {
        return call;
      }
    }
    try {
      return new Constant(type, call.evaluate(oneRow, null, 1).getObject(0));
    } catch (PpdbException e) {
      return call; // fails where and when a row needs it
    }
  }

  /** {@code expression} as a value of {@code type}. */
  VectorExpression cast(VectorExpression expression, ColumnType type) {
    if (Casts.isIdentity(expression.type(), type)) {
      return expression;
    }
    if (expression instanceof Constant constant && constant.value() == null) {
      return new Constant(type, null);
    }
    return strict(type, Casts.kernel(expression.type(), type, context.timeZone()), expression);
  }

  /** Both operands in the type that they are compared in. */
  VectorExpression[] aligned(RexNode left, RexNode right) {
    VectorExpression a = compile(left);
    VectorExpression b = compile(right);
    ColumnType common = Types.common(a.type(), b.type());
    return new VectorExpression[] {alignedTo(a, common), alignedTo(b, common)};
  }

  private VectorExpression alignedTo(VectorExpression expression, ColumnType common) {
    return common.isUnconstrainedNumeric()
        ? cast(expression, Types.asDecimal(expression.type()))
        : cast(expression, common);
  }

  private VectorExpression compare(Comparison comparison, RexNode left, RexNode right) {
    VectorExpression[] sides = aligned(left, right);
    return strict(ColumnType.BOOLEAN, comparison, sides);
  }

  static Comparison comparison(SqlKind kind) {
    return switch (kind) {
      case EQUALS -> Comparison.EQUAL;
      case NOT_EQUALS -> Comparison.NOT_EQUAL;
      case LESS_THAN -> Comparison.LESS;
      case LESS_THAN_OR_EQUAL -> Comparison.LESS_OR_EQUAL;
      case GREATER_THAN -> Comparison.GREATER;
      case GREATER_THAN_OR_EQUAL -> Comparison.GREATER_OR_EQUAL;
      default -> throw new IllegalArgumentException("not a comparison: " + kind);
    };
  }

  private static void negateTruth(
      Vector[] arguments, int @Nullable [] selection, int count, Vector result) {
    boolean[] values = ((BooleanVector) arguments[0]).values();
    boolean[] out = ((BooleanVector) result).values();
    for (int i = 0; i < count; i++) {
      int position = selection == null ? i : selection[i];
      out[position] = !values[position];
    }
  }

  private VectorExpression search(RexCall call) {
    VectorExpression membership = predicates.membership(call);
    return membership != null ? membership : compile(RexUtil.expandSearch(REX_BUILDER, null, call));
  }

  /** {@code call}, a search that has no kernel, as comparisons. */
  RexNode expandSearch(RexCall call) {
    return RexUtil.expandSearch(REX_BUILDER, null, call);
  }

  private VectorExpression caseOf(ColumnType type, List<RexNode> operands) {
    return unshared(
        () -> {
          List<VectorPredicate> conditions = new ArrayList<>();
          List<VectorExpression> branches = new ArrayList<>();
          for (int i = 0; i + 1 < operands.size(); i += 2) {
            conditions.add(predicates.compile(operands.get(i)));
            branches.add(cast(compile(operands.get(i + 1)), type));
          }
          branches.add(cast(compile(operands.get(operands.size() - 1)), type));
          return new CaseExpression(type, conditions, branches);
        });
  }

  private VectorExpression arithmetic(SqlKind kind, ColumnType type, VectorExpression[] operands) {
    if (kind == SqlKind.MINUS && operands[0].type().kind() == TypeKind.JSON) {
      return JsonFunctions.without(this, operands);
    }
    boolean numbers = type.kind().isNumeric();
    for (VectorExpression operand : operands) {
      numbers &= operand.type().kind().isNumeric();
    }
    if (!numbers) {
      return DateTimeArithmetic.compile(kind, type, operands, this);
    }
    if (kind == SqlKind.PLUS_PREFIX) {
      return cast(operands[0], type);
    }
    Arithmetic operation =
        switch (kind) {
          case PLUS -> Arithmetic.ADD;
          case MINUS, MINUS_PREFIX -> Arithmetic.SUBTRACT;
          case TIMES -> Arithmetic.MULTIPLY;
          case DIVIDE -> Arithmetic.DIVIDE;
          default -> Arithmetic.REMAINDER;
        };
    VectorExpression[] sides =
        kind == SqlKind.MINUS_PREFIX
            ? new VectorExpression[] {zero(operands[0].type()), operands[0]}
            : operands;
    if (kind == SqlKind.MINUS_PREFIX && type.kind().isFloat()) {
      // 0 - x loses the sign of a zero; -0 - x does not
      sides[0] = cast(new Constant(ColumnType.DOUBLE, -0.0), type);
    }
    return arithmetic(operation, type, sides[0], sides[1]);
  }

  /** An operation on numbers of any types, its result cast to {@code type}. */
  VectorExpression arithmetic(
      Arithmetic operation, ColumnType type, VectorExpression left, VectorExpression right) {
    if (type.physical() == PhysicalType.DECIMAL) {
      ColumnType exact =
          operation == Arithmetic.DIVIDE || operation == Arithmetic.REMAINDER
              ? ColumnType.NUMERIC
              : type;
      return cast(
          strict(
              exact,
              operation.kernel(exact),
              cast(left, Types.asDecimal(left.type())),
              cast(right, Types.asDecimal(right.type()))),
          type);
    }
    ColumnType common = Types.common(Types.common(left.type(), right.type()), type);
    if (common.isUnconstrainedNumeric()) {
      return cast(arithmetic(operation, common, left, right), type);
    }
    return cast(
        strict(common, operation.kernel(common), cast(left, common), cast(right, common)), type);
  }

  private VectorExpression zero(ColumnType type) {
    ColumnType exact = type.kind() == TypeKind.DECIMAL ? ColumnType.decimal(1, 0) : type;
    return cast(new Constant(ColumnType.INTEGER, 0), exact);
  }
}
