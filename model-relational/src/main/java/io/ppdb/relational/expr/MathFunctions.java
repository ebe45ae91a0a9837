package io.ppdb.relational.expr;

import io.ppdb.relational.type.ColumnType;
import io.ppdb.relational.type.TypeKind;
import io.ppdb.relational.vector.BytesVector;
import io.ppdb.relational.vector.DecimalVector;
import io.ppdb.relational.vector.DoubleVector;
import io.ppdb.relational.vector.IntVector;
import io.ppdb.relational.vector.LongVector;
import io.ppdb.relational.vector.Values;
import io.ppdb.relational.vector.Vector;
import io.ppdb.relational.vector.VectorBatch;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Mathematical functions.
 *
 * <p>abs, round, trunc, ceil, floor, sign and sqrt of a numeric are exact numerics; exponentials,
 * logarithms, powers and trigonometry compute in double precision, also for numeric arguments.
 */
final class MathFunctions {
  private MathFunctions() {}

  static void register(Map<String, Functions.Builder> functions) {
    functions.put("ABS", MathFunctions::absolute);
    functions.put("SIGN", (c, a) -> rounding(c, a, RoundingMode.UNNECESSARY, MathFunctions::sign));
    functions.put("CEIL", (c, a) -> rounding(c, a, RoundingMode.CEILING, Math::ceil));
    functions.put("CEILING", (c, a) -> rounding(c, a, RoundingMode.CEILING, Math::ceil));
    functions.put("FLOOR", (c, a) -> rounding(c, a, RoundingMode.FLOOR, Math::floor));
    functions.put("ROUND", (c, a) -> rounding(c, a, RoundingMode.HALF_UP, Math::rint));
    functions.put("TRUNC", (c, a) -> rounding(c, a, RoundingMode.DOWN, MathFunctions::truncate));
    functions.put("TRUNCATE", (c, a) -> rounding(c, a, RoundingMode.DOWN, MathFunctions::truncate));
    functions.put("SQRT", MathFunctions::squareRoot);
    functions.put("CBRT", (c, a) -> unary(c, a, Math::cbrt));
    functions.put("EXP", (c, a) -> unary(c, a, MathFunctions::exponential));
    functions.put("LN", (c, a) -> unary(c, a, x -> Math.log(checkLogarithm(x))));
    functions.put("LOG10", (c, a) -> unary(c, a, x -> Math.log10(checkLogarithm(x))));
    functions.put("LOG", MathFunctions::logarithm);
    functions.put("POWER", (c, a) -> binary(c, a, MathFunctions::power));
    functions.put("^", (c, a) -> binary(c, a, MathFunctions::power));
    functions.put("POW", (c, a) -> binary(c, a, MathFunctions::power));
    functions.put("SIN", (c, a) -> unary(c, a, Math::sin));
    functions.put("COS", (c, a) -> unary(c, a, Math::cos));
    functions.put("TAN", (c, a) -> unary(c, a, Math::tan));
    functions.put("COT", (c, a) -> unary(c, a, x -> 1 / Math.tan(x)));
    functions.put("ASIN", (c, a) -> unary(c, a, x -> Math.asin(checkUnit(x))));
    functions.put("ACOS", (c, a) -> unary(c, a, x -> Math.acos(checkUnit(x))));
    functions.put("ATAN", (c, a) -> unary(c, a, Math::atan));
    functions.put("ATAN2", (c, a) -> binary(c, a, Math::atan2));
    functions.put("DEGREES", (c, a) -> unary(c, a, Math::toDegrees));
    functions.put("RADIANS", (c, a) -> unary(c, a, Math::toRadians));
    functions.put("PI", (c, a) -> new Constant(ColumnType.DOUBLE, Math.PI));
    functions.put("RANDOM", (c, a) -> new RandomNumbers());
    functions.put("RAND", (c, a) -> new RandomNumbers());
    functions.put("GEN_RANDOM_UUID", (c, a) -> new RandomUuids());
    functions.put("GREATEST", (c, a) -> extreme(c, a, 1));
    functions.put("LEAST", (c, a) -> extreme(c, a, -1));
  }

  private static VectorExpression absolute(ExpressionCompiler compiler, VectorExpression[] a) {
    ColumnType type = a[0].type();
    Kernel kernel =
        switch (type.physical()) {
          case INT ->
              Kernel.of(
                  (v, i, r) -> {
                    int value = ((IntVector) v[0]).get(i);
                    int least =
                        type.kind() == TypeKind.SMALLINT ? Short.MIN_VALUE : Integer.MIN_VALUE;
                    if (value == least) {
                      throw Errors.outOfRange(type, "abs(" + value + ")");
                    }
                    ((IntVector) r).set(i, Math.abs(value));
                  });
          case LONG ->
              Kernel.of(
                  (v, i, r) -> {
                    long value = ((LongVector) v[0]).get(i);
                    if (value == Long.MIN_VALUE) {
                      throw Errors.outOfRange(type, "abs(" + value + ")");
                    }
                    ((LongVector) r).set(i, Math.abs(value));
                  });
          case DOUBLE ->
              Kernel.of(
                  (v, i, r) -> ((DoubleVector) r).set(i, Math.abs(((DoubleVector) v[0]).get(i))));
          case DECIMAL -> decimal(BigDecimal::abs);
          default -> throw Functions.undefined("ABS", a);
        };
    return compiler.strict(type, kernel, a);
  }

  /** One decimal from another; the result vector starts compact at the argument's scale. */
  private static Kernel decimal(java.util.function.UnaryOperator<BigDecimal> function) {
    return (arguments, selection, count, result) -> {
      DecimalVector source = (DecimalVector) arguments[0];
      DecimalVector out = (DecimalVector) result;
      for (int i = 0; i < count; i++) {
        int position = selection == null ? i : selection[i];
        BigDecimal value = function.apply(source.get(position));
        if (i == 0 && !out.type().isLongDecimal()) {
          out.beginCompact(value.scale());
        }
        out.set(position, value);
      }
    };
  }

  private static VectorExpression rounding(
      ExpressionCompiler compiler,
      VectorExpression[] a,
      RoundingMode mode,
      DoubleUnaryOperator floating) {
    ColumnType type = a[0].type();
    boolean exact = type.kind() == TypeKind.DECIMAL || (a.length == 2 && type.kind().isInteger());
    if (!exact) {
      if (a.length == 1) {
        return unary(compiler, a, floating);
      }
      // PostgreSQL has no round(double precision, integer); round the shortest decimal text.
      return compiler.cast(
          rounding(
              compiler,
              new VectorExpression[] {compiler.cast(a[0], ColumnType.NUMERIC), a[1]},
              mode,
              floating),
          ColumnType.DOUBLE);
    }
    VectorExpression argument = compiler.cast(a[0], ColumnType.NUMERIC);
    if (a.length == 1) {
      boolean sign = mode == RoundingMode.UNNECESSARY;
      return compiler.strict(
          ColumnType.NUMERIC,
          decimal(value -> sign ? BigDecimal.valueOf(value.signum()) : value.setScale(0, mode)),
          argument);
    }
    return compiler.strict(
        ColumnType.NUMERIC,
        (arguments, selection, count, result) -> roundTo(mode, arguments, selection, count, result),
        argument,
        compiler.cast(a[1], ColumnType.INTEGER));
  }

  /** Rounds to a number of decimals; a negative number rounds to tens, hundreds and so on. */
  private static void roundTo(
      RoundingMode mode, Vector[] arguments, int @Nullable [] selection, int count, Vector result) {
    DecimalVector source = (DecimalVector) arguments[0];
    int[] digits = ((IntVector) arguments[1]).values();
    DecimalVector out = (DecimalVector) result;
    for (int i = 0; i < count; i++) {
      int position = selection == null ? i : selection[i];
      int scale = Math.max(-1000, Math.min(1000, digits[position]));
      BigDecimal rounded = source.get(position).setScale(scale, mode);
      if (scale < 0) {
        rounded = rounded.setScale(0, RoundingMode.UNNECESSARY);
      }
      if (i == 0) {
        out.beginCompact(rounded.scale());
      }
      out.set(position, rounded);
    }
  }

  private static VectorExpression squareRoot(ExpressionCompiler compiler, VectorExpression[] a) {
    if (a[0].type().kind() != TypeKind.DECIMAL) {
      return unary(compiler, a, x -> Math.sqrt(checkRoot(x)));
    }
    return compiler.strict(
        ColumnType.NUMERIC,
        decimal(
            value -> {
              if (value.signum() < 0) {
                throw Errors.invalidArgument(
                    "cannot take square root of a negative number: " + value);
              }
              return value.signum() == 0 ? value : Numerics.squareRoot(value);
            }),
        a);
  }

  private static VectorExpression logarithm(ExpressionCompiler compiler, VectorExpression[] a) {
    return a.length == 1
        ? unary(compiler, a, x -> Math.log10(checkLogarithm(x)))
        : binary(
            compiler, a, (base, x) -> Math.log(checkLogarithm(x)) / Math.log(checkLogarithm(base)));
  }

  private static VectorExpression unary(
      ExpressionCompiler compiler, VectorExpression[] a, DoubleUnaryOperator function) {
    return compiler.strict(
        ColumnType.DOUBLE,
        Kernel.of(
            (v, i, r) ->
                ((DoubleVector) r).set(i, function.applyAsDouble(((DoubleVector) v[0]).get(i)))),
        compiler.cast(a[0], ColumnType.DOUBLE));
  }

  private static VectorExpression binary(
      ExpressionCompiler compiler, VectorExpression[] a, DoubleBinaryOperator function) {
    return compiler.strict(
        ColumnType.DOUBLE,
        Kernel.of(
            (v, i, r) ->
                ((DoubleVector) r)
                    .set(
                        i,
                        function.applyAsDouble(
                            ((DoubleVector) v[0]).get(i), ((DoubleVector) v[1]).get(i)))),
        compiler.cast(a[0], ColumnType.DOUBLE),
        compiler.cast(a[1], ColumnType.DOUBLE));
  }

  private static double sign(double value) {
    return Math.signum(value);
  }

  private static double truncate(double value) {
    return value < 0 ? Math.ceil(value) : Math.floor(value);
  }

  private static double exponential(double value) {
    double result = Math.exp(value);
    if (Double.isInfinite(result) && !Double.isInfinite(value)) {
      throw Errors.outOfRange(ColumnType.DOUBLE, "exp(" + value + ")");
    }
    return result;
  }

  private static double power(double base, double exponent) {
    if (base == 0 && exponent < 0) {
      throw Errors.invalidArgument("zero raised to a negative power is undefined: " + exponent);
    }
    if (base < 0 && exponent != Math.rint(exponent)) {
      throw Errors.invalidArgument(
          "a negative number raised to a non-integer power yields a complex result: "
              + base
              + " ^ "
              + exponent);
    }
    double result = Math.pow(base, exponent);
    if (Double.isInfinite(result) && !Double.isInfinite(base) && !Double.isInfinite(exponent)) {
      throw Errors.outOfRange(ColumnType.DOUBLE, base + " ^ " + exponent);
    }
    return result;
  }

  private static double checkRoot(double value) {
    if (value < 0) {
      throw Errors.invalidArgument("cannot take square root of a negative number: " + value);
    }
    return value;
  }

  private static double checkLogarithm(double value) {
    if (value <= 0) {
      throw Errors.invalidArgument("cannot take logarithm of zero or a negative number: " + value);
    }
    return value;
  }

  private static double checkUnit(double value) {
    if (value < -1 || value > 1) {
      throw Errors.invalidArgument("input is out of range [-1, 1]: " + value);
    }
    return value;
  }

  /** The greatest or least argument that is not NULL. */
  private static VectorExpression extreme(
      ExpressionCompiler compiler, VectorExpression[] a, int wantedSign) {
    ColumnType common = a[0].type();
    for (VectorExpression argument : a) {
      common = common.equals(argument.type()) ? common : Types.common(common, argument.type());
    }
    VectorExpression[] arguments = new VectorExpression[a.length];
    for (int i = 0; i < a.length; i++) {
      arguments[i] = compiler.cast(a[i], common);
    }
    return new Extreme(common, arguments, wantedSign);
  }

  private static final class Extreme extends VectorExpression {
    private final VectorExpression[] arguments;
    private final int wantedSign;
    private final Vector result;
    private final int[] single = new int[1];

    Extreme(ColumnType type, VectorExpression[] arguments, int wantedSign) {
      super(type);
      this.arguments = arguments;
      this.wantedSign = wantedSign;
      this.result = Vector.create(type, 0);
    }

    @Override
    public Vector evaluate(VectorBatch batch, int @Nullable [] selection, int count) {
      Vector[] values = new Vector[arguments.length];
      for (int i = 0; i < values.length; i++) {
        values[i] = arguments[i].evaluate(batch, selection, count);
      }
      result.reset(batch.rowCount());
      for (int i = 0; i < count; i++) {
        int position = selection == null ? i : selection[i];
        Vector best = values[0];
        for (Vector value : values) {
          if (best.isNull(position)
              || (!value.isNull(position)
                  && Integer.signum(Comparison.compare(value, position, best, position))
                      == wantedSign)) {
            best = value;
          }
        }
        single[0] = position;
        if (i == 0 && best instanceof DecimalVector decimals && decimals.isCompact()) {
          ((DecimalVector) result).beginCompact(decimals.scale());
        }
        result.assign(best, single, 1);
      }
      return result;
    }
  }

  /** random(): a new number for every row. */
  private static final class RandomNumbers extends VectorExpression {
    private final DoubleVector result = new DoubleVector(ColumnType.DOUBLE, 0);

    RandomNumbers() {
      super(ColumnType.DOUBLE);
    }

    @Override
    public Vector evaluate(VectorBatch batch, int @Nullable [] selection, int count) {
      result.reset(batch.rowCount());
      for (int i = 0; i < count; i++) {
        result.set(selection == null ? i : selection[i], ThreadLocalRandom.current().nextDouble());
      }
      return result;
    }
  }

  private static final class RandomUuids extends VectorExpression {
    private final BytesVector result = new BytesVector(ColumnType.UUID, 0);

    RandomUuids() {
      super(ColumnType.UUID);
    }

    @Override
    public Vector evaluate(VectorBatch batch, int @Nullable [] selection, int count) {
      result.reset(batch.rowCount());
      for (int i = 0; i < count; i++) {
        result.set(selection == null ? i : selection[i], Values.toBytes(UUID.randomUUID()));
      }
      return result;
    }
  }
}
