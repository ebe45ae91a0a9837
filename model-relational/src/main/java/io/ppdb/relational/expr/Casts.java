package io.ppdb.relational.expr;

import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.PpdbException;
import io.ppdb.relational.json.JsonValue;
import io.ppdb.relational.type.ColumnType;
import io.ppdb.relational.type.DateTimeText;
import io.ppdb.relational.type.PhysicalType;
import io.ppdb.relational.type.TypeKind;
import io.ppdb.relational.vector.ArrayCodec;
import io.ppdb.relational.vector.BooleanVector;
import io.ppdb.relational.vector.BytesVector;
import io.ppdb.relational.vector.DecimalVector;
import io.ppdb.relational.vector.DoubleVector;
import io.ppdb.relational.vector.IntVector;
import io.ppdb.relational.vector.LongVector;
import io.ppdb.relational.vector.Vector;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.ZoneId;
import org.jspecify.annotations.Nullable;

/**
 * The kernels of CAST, between all types that PostgreSQL casts explicitly.
 *
 * <p>Numerics round half away from zero, floats half to even; what does not fit is an error. A
 * string that is longer than its varchar is cut, as an explicit cast does.
 */
@SuppressWarnings("ShortCircuitBoolean") // loops without branches on the data
final class Casts {
  private static final double TWO_TO_63 = 0x1p63;

  private Casts() {}

  /** The largest value of an integer type. */
  static long maxInteger(ColumnType type) {
    return switch (type.kind()) {
      case SMALLINT -> Short.MAX_VALUE;
      case INTEGER -> Integer.MAX_VALUE;
      default -> Long.MAX_VALUE;
    };
  }

  /** Whether a value of {@code from} is one of {@code to} without any change of representation. */
  static boolean isIdentity(ColumnType from, ColumnType to) {
    if (from.equals(to)) {
      return true;
    }
    if (from.kind() != to.kind()) {
      return from.kind() == TypeKind.SMALLINT && to.kind() == TypeKind.INTEGER;
    }
    if (from.kind() == TypeKind.VARCHAR) {
      return to.precision() == ColumnType.UNLIMITED
          || (from.precision() != ColumnType.UNLIMITED && from.precision() <= to.precision());
    }
    return to.isUnconstrainedNumeric()
        || (from.kind() == TypeKind.DECIMAL
            && !from.isUnconstrainedNumeric()
            && from.scale() == to.scale()
            && from.precision() <= to.precision()
            && from.isLongDecimal() == to.isLongDecimal());
  }

  /** The kernel that casts from one type to another. */
  static Kernel kernel(ColumnType from, ColumnType to, ZoneId zone) {
    if (from.kind() == TypeKind.VARCHAR && to.kind() == TypeKind.VARCHAR) {
      return Kernel.of((a, i, r) -> cut((BytesVector) a[0], i, (BytesVector) r, to.precision()));
    }
    if (to.kind() == TypeKind.VARCHAR) {
      if (from.kind() == TypeKind.JSON && to.precision() == ColumnType.UNLIMITED) {
        return Casts::sameBytes;
      }
      return Kernel.of(
          (a, i, r) -> {
            ((BytesVector) r).setString(i, TextFormat.format(a[0], i, zone));
            if (to.precision() != ColumnType.UNLIMITED) {
              cut((BytesVector) r, i, (BytesVector) r, to.precision());
            }
          });
    }
    if (from.kind() == TypeKind.VARCHAR) {
      return Kernel.of(
          (a, i, r) -> TextFormat.parse(((BytesVector) a[0]).getString(i), r, i, zone));
    }
    if (from.kind() == TypeKind.JSON) {
      return json(to);
    }
    if (from.kind() == TypeKind.ARRAY && to.kind() == TypeKind.ARRAY) {
      return arrays(from.elementType(), to.elementType(), zone);
    }
    Kernel kernel =
        from.kind().isNumeric() && to.kind().isNumeric()
            ? numeric(from, to)
            : from.kind() == TypeKind.BOOLEAN || to.kind() == TypeKind.BOOLEAN
                ? booleans(from, to)
                : dateTime(from.kind(), to.kind(), zone);
    if (kernel == null) {
      throw noCast(from, to);
    }
    return kernel;
  }

  private static void sameBytes(
      Vector[] arguments, int @Nullable [] selection, int count, Vector result) {
    BytesVector from = (BytesVector) arguments[0];
    BytesVector to = (BytesVector) result;
    to.shareArena(from);
    for (int i = 0; i < count; i++) {
      int position = selection == null ? i : selection[i];
      to.setSlice(position, from.starts()[position], from.lengths()[position]);
    }
  }

  private static void cut(BytesVector from, int position, BytesVector result, int maxCharacters) {
    byte[] arena = from.arena();
    int start = from.starts()[position];
    int length = Utf8.prefixLength(arena, start, from.lengths()[position], maxCharacters);
    if (from == result) {
      result.setSlice(position, start, length);
    } else {
      result.set(position, arena, start, length);
    }
  }

  /** A number or a boolean of JSON as one of SQL. */
  private static Kernel json(ColumnType to) {
    boolean truth = to.kind() == TypeKind.BOOLEAN;
    if (!truth && !to.kind().isNumeric()) {
      throw noCast(ColumnType.JSON, to);
    }
    Vector number = Vector.create(ColumnType.NUMERIC, 1);
    Kernel fromNumeric = truth ? null : numeric(ColumnType.NUMERIC, to);
    return Kernel.of(
        (a, i, r) -> {
          JsonValue value = JsonValues.read(a[0], i);
          if (value instanceof JsonValue.Truth known && truth) {
            ((BooleanVector) r).set(i, known.value());
          } else if (value instanceof JsonValue.Numeric known && fromNumeric != null) {
            r.setObject(i, castNumber(known.value(), number, fromNumeric, to));
          } else {
            throw new PpdbException(
                ErrorCode.INVALID_ARGUMENT,
                "cannot cast jsonb " + value.typeName() + " to type " + to);
          }
        });
  }

  private static @Nullable Object castNumber(
      BigDecimal value, Vector number, Kernel kernel, ColumnType to) {
    number.reset(1);
    number.setObject(0, value);
    Vector result = Vector.create(to, 1);
    kernel.compute(new Vector[] {number}, null, 1, result);
    return result.getObject(0);
  }

  /** Element by element. */
  private static Kernel arrays(ColumnType from, ColumnType to, ZoneId zone) {
    Kernel kernel = isIdentity(from, to) ? null : kernel(from, to, zone);
    return Kernel.of(
        (a, i, r) -> {
          Vector elements = ArrayCodec.elements((BytesVector) a[0], i);
          int count = ArrayCodec.count((BytesVector) a[0], i);
          Vector casted = elements;
          if (kernel != null) {
            casted = Vector.create(to, count);
            int[] live = new int[count];
            int liveCount = 0;
            for (int j = 0; j < count; j++) {
              if (elements.isNull(j)) {
                casted.setNull(j);
              } else {
                live[liveCount++] = j;
              }
            }
            kernel.compute(new Vector[] {elements}, live, liveCount, casted);
          }
          ArrayCodec.set((BytesVector) r, i, casted, 0, count);
        });
  }

  private static PpdbException noCast(ColumnType from, ColumnType to) {
    return new PpdbException(ErrorCode.DATATYPE_MISMATCH, "cannot cast type " + from + " to " + to);
  }

  private static @Nullable Kernel booleans(ColumnType from, ColumnType to) {
    if (from.kind().isInteger()) {
      return from.physical() == PhysicalType.INT
          ? Kernel.of((a, i, r) -> ((BooleanVector) r).set(i, ((IntVector) a[0]).get(i) != 0))
          : Kernel.of((a, i, r) -> ((BooleanVector) r).set(i, ((LongVector) a[0]).get(i) != 0));
    }
    if (from.kind() == TypeKind.BOOLEAN && to.kind().isInteger()) {
      return to.physical() == PhysicalType.INT
          ? Kernel.of((a, i, r) -> ((IntVector) r).set(i, ((BooleanVector) a[0]).get(i) ? 1 : 0))
          : Kernel.of((a, i, r) -> ((LongVector) r).set(i, ((BooleanVector) a[0]).get(i) ? 1 : 0));
    }
    return null;
  }

  private static Kernel numeric(ColumnType from, ColumnType to) {
    return switch (from.physical()) {
      case INT ->
          switch (to.physical()) {
            case INT -> Kernel.of((a, i, r) -> setInteger(r, i, ((IntVector) a[0]).get(i)));
            case LONG -> Casts::intToLong;
            case DOUBLE -> (a, selection, count, r) -> intToDouble(to, a, selection, count, r);
            default -> (a, selection, count, r) -> toDecimal(to, a, selection, count, r);
          };
      case LONG ->
          switch (to.physical()) {
            case INT, LONG -> Kernel.of((a, i, r) -> setInteger(r, i, ((LongVector) a[0]).get(i)));
            case DOUBLE ->
                Kernel.of((a, i, r) -> setDouble(r, i, (double) ((LongVector) a[0]).get(i)));
            default -> (a, selection, count, r) -> toDecimal(to, a, selection, count, r);
          };
      case DOUBLE ->
          switch (to.physical()) {
            case INT, LONG ->
                Kernel.of((a, i, r) -> setRounded(r, i, ((DoubleVector) a[0]).get(i)));
            case DOUBLE -> Kernel.of((a, i, r) -> setDouble(r, i, ((DoubleVector) a[0]).get(i)));
            default -> Kernel.of((a, i, r) -> doubleToDecimal(from, a[0], i, (DecimalVector) r));
          };
      default ->
          switch (to.physical()) {
            case INT, LONG -> Kernel.of((a, i, r) -> decimalToInteger((DecimalVector) a[0], i, r));
            case DOUBLE -> Casts::decimalToDouble;
            default -> (a, selection, count, r) -> rescale(to, a, selection, count, r);
          };
    };
  }

  private static void intToLong(
      Vector[] arguments, int @Nullable [] selection, int count, Vector result) {
    int[] values = ((IntVector) arguments[0]).values();
    long[] out = ((LongVector) result).values();
    for (int i = 0; i < count; i++) {
      int position = selection == null ? i : selection[i];
      out[position] = values[position];
    }
  }

  private static void intToDouble(
      ColumnType to, Vector[] arguments, int @Nullable [] selection, int count, Vector result) {
    int[] values = ((IntVector) arguments[0]).values();
    double[] out = ((DoubleVector) result).values();
    boolean single = to.kind() == TypeKind.REAL;
    for (int i = 0; i < count; i++) {
      int position = selection == null ? i : selection[i];
      out[position] = single ? (float) values[position] : values[position];
    }
  }

  /** Integers to decimals: compact at the target's scale if every value fits. */
  private static void toDecimal(
      ColumnType to, Vector[] arguments, int @Nullable [] selection, int count, Vector result) {
    DecimalVector out = (DecimalVector) result;
    Vector source = arguments[0];
    out.beginCompact(to.scale());
    boolean exact = to.scale() <= Decimals.MAX_LONG_POWER;
    if (exact) {
      long factor = Decimals.powerOfTen(to.scale());
      long limit = Long.MAX_VALUE / factor;
      int integerDigits =
          to.isUnconstrainedNumeric() ? Integer.MAX_VALUE : to.precision() - to.scale();
      if (integerDigits <= Decimals.MAX_LONG_POWER) {
        limit = Math.min(limit, Decimals.powerOfTen(integerDigits) - 1);
      }
      long[] values = out.unscaled();
      for (int i = 0; i < count; i++) {
        int position = selection == null ? i : selection[i];
        long value = integer(source, position);
        exact &= value <= limit & value >= -limit;
        values[position] = value * factor;
      }
    }
    if (!exact) {
      BigDecimal[] values = to.isLongDecimal() ? null : out.beginWide();
      for (int i = 0; i < count; i++) {
        int position = selection == null ? i : selection[i];
        BigDecimal value = Decimals.fit(BigDecimal.valueOf(integer(source, position)), to);
        if (values != null) {
          values[position] = value;
        }
      }
    }
  }

  static long integer(Vector vector, int position) {
    return vector instanceof IntVector ints
        ? ints.get(position)
        : ((LongVector) vector).get(position);
  }

  /** Stores a whole number if the type of {@code result} has it. */
  private static void setInteger(Vector result, int position, long value) {
    ColumnType type = result.type();
    long limit = maxInteger(type);
    if (value > limit || value < -limit - 1) {
      throw Errors.outOfRange(type, value);
    }
    if (result instanceof IntVector ints) {
      ints.set(position, (int) value);
    } else {
      ((LongVector) result).set(position, value);
    }
  }

  private static void setRounded(Vector result, int position, double value) {
    double rounded = Math.rint(value);
    if (!(rounded >= -TWO_TO_63 && rounded < TWO_TO_63)) {
      throw Errors.outOfRange(result.type(), value);
    }
    setInteger(result, position, (long) rounded);
  }

  private static void setDouble(Vector result, int position, double value) {
    double stored = value;
    if (result.type().kind() == TypeKind.REAL) {
      stored = (float) value;
      if (Double.isInfinite(stored) && !Double.isInfinite(value)) {
        throw Errors.outOfRange(result.type(), value);
      }
    }
    ((DoubleVector) result).set(position, stored);
  }

  /** Floats become numerics by their 15 (reals: 6) significant digits, as in PostgreSQL. */
  private static void doubleToDecimal(
      ColumnType from, Vector source, int position, DecimalVector result) {
    double value = ((DoubleVector) source).get(position);
    if (Double.isNaN(value) || Double.isInfinite(value)) {
      throw Errors.outOfRange(result.type(), value);
    }
    BigDecimal rounded =
        new BigDecimal(value)
            .round(new java.math.MathContext(from.kind() == TypeKind.REAL ? 6 : 15))
            .stripTrailingZeros();
    if (rounded.scale() < 0) {
      rounded = rounded.setScale(0, RoundingMode.UNNECESSARY);
    }
    result.set(position, Decimals.fit(rounded, result.type()));
  }

  private static void decimalToInteger(DecimalVector source, int position, Vector result) {
    storeInteger(source.get(position), result, position);
  }

  /** Stores {@code value} rounded to a whole number, if the type of {@code result} has it. */
  static void storeInteger(BigDecimal value, Vector result, int position) {
    BigDecimal rounded = value.setScale(0, RoundingMode.HALF_UP);
    if (rounded.unscaledValue().bitLength() >= Long.SIZE) {
      throw Errors.outOfRange(result.type(), rounded.toPlainString());
    }
    setInteger(result, position, rounded.longValue());
  }

  private static void decimalToDouble(
      Vector[] arguments, int @Nullable [] selection, int count, Vector result) {
    DecimalVector source = (DecimalVector) arguments[0];
    // Up to 2^53 and 10^22 the division of two exact doubles rounds once: the correct result.
    boolean direct = source.isCompact() && source.scale() <= Decimals.MAX_LONG_POWER;
    double divisor = direct ? (double) Decimals.powerOfTen(source.scale()) : 1;
    for (int i = 0; i < count; i++) {
      int position = selection == null ? i : selection[i];
      long unscaled = direct ? source.unscaled()[position] : Long.MAX_VALUE;
      double value =
          Math.abs(unscaled) <= 1L << 53 ? unscaled / divisor : source.get(position).doubleValue();
      setDouble(result, position, value);
    }
  }

  private static void rescale(
      ColumnType to, Vector[] arguments, int @Nullable [] selection, int count, Vector result) {
    DecimalVector source = (DecimalVector) arguments[0];
    DecimalVector out = (DecimalVector) result;
    if (to.isUnconstrainedNumeric() && source.isCompact()) {
      out.beginCompact(source.scale());
    }
    for (int i = 0; i < count; i++) {
      int position = selection == null ? i : selection[i];
      out.set(position, Decimals.fit(source.get(position), to));
    }
  }

  private static @Nullable Kernel dateTime(TypeKind from, TypeKind to, ZoneId zone) {
    if (from == TypeKind.DATE && to == TypeKind.TIMESTAMP) {
      return Kernel.of(
          (a, i, r) ->
              ((LongVector) r).set(i, ((IntVector) a[0]).get(i) * DateTimeText.MICROS_PER_DAY));
    }
    if (from == TypeKind.DATE && to == TypeKind.TIMESTAMPTZ) {
      return Kernel.of(
          (a, i, r) ->
              ((LongVector) r)
                  .set(
                      i,
                      DateTimeText.toInstant(
                          ((IntVector) a[0]).get(i) * DateTimeText.MICROS_PER_DAY, zone)));
    }
    if (from == TypeKind.TIMESTAMP || from == TypeKind.TIMESTAMPTZ) {
      boolean zoned = from == TypeKind.TIMESTAMPTZ;
      return switch (to) {
        case DATE ->
            Kernel.of(
                (a, i, r) ->
                    ((IntVector) r)
                        .set(
                            i,
                            (int)
                                Math.floorDiv(
                                    local(a[0], i, zoned, zone), DateTimeText.MICROS_PER_DAY)));
        case TIME ->
            Kernel.of(
                (a, i, r) ->
                    ((LongVector) r)
                        .set(
                            i,
                            Math.floorMod(
                                local(a[0], i, zoned, zone), DateTimeText.MICROS_PER_DAY)));
        case TIMESTAMP ->
            Kernel.of((a, i, r) -> ((LongVector) r).set(i, local(a[0], i, zoned, zone)));
        case TIMESTAMPTZ ->
            Kernel.of(
                (a, i, r) ->
                    ((LongVector) r)
                        .set(i, DateTimeText.toInstant(((LongVector) a[0]).get(i), zone)));
        default -> null;
      };
    }
    if (from == TypeKind.TIME && to == TypeKind.INTERVAL) {
      return Kernel.of(
          (a, i, r) ->
              ((io.ppdb.relational.vector.IntervalVector) r)
                  .set(i, 0, 0, ((LongVector) a[0]).get(i)));
    }
    if (from == TypeKind.INTERVAL && to == TypeKind.TIME) {
      return Kernel.of(
          (a, i, r) ->
              ((LongVector) r)
                  .set(
                      i,
                      Math.floorMod(
                          ((io.ppdb.relational.vector.IntervalVector) a[0]).micros()[i],
                          DateTimeText.MICROS_PER_DAY)));
    }
    return null;
  }

  /** Microseconds of local time of a timestamp with or without zone. */
  private static long local(Vector vector, int position, boolean zoned, ZoneId zone) {
    long micros = ((LongVector) vector).get(position);
    return zoned ? DateTimeText.toLocal(micros, zone) : micros;
  }
}
