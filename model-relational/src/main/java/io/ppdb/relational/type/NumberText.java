package io.ppdb.relational.type;

import com.fasterxml.jackson.core.io.schubfach.DoubleToDecimal;
import com.fasterxml.jackson.core.io.schubfach.FloatToDecimal;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;

/** PostgreSQL's text form of floating-point numbers: the shortest that reads back the same. */
public final class NumberText {
  /** The exponent from which on PostgreSQL writes it. */
  private static final int DOUBLE_PLAIN_EXPONENT = 15;

  private static final int FLOAT_PLAIN_EXPONENT = 6;

  /** Digits that are always enough. */
  private static final int DOUBLE_MAX_DIGITS = 17;

  private static final int FLOAT_MAX_DIGITS = 9;

  private NumberText() {}

  /** Writes a double precision. */
  public static String format(double value) {
    if (value == Math.rint(value) && Math.abs(value) < 1e15) {
      return value == 0 && 1 / value < 0 ? "-0" : Long.toString((long) value);
    }
    if (Double.isNaN(value) || Double.isInfinite(value)) {
      return special(value);
    }
    if (Math.abs(value) >= Double.MIN_NORMAL) {
      return layout(DoubleToDecimal.toString(value), DOUBLE_PLAIN_EXPONENT);
    }
    BigDecimal exact = new BigDecimal(value);
    int digits = 1; // Java writes two at least
    BigDecimal shortest = round(exact, digits);
    while (digits < DOUBLE_MAX_DIGITS && shortest.doubleValue() != value) {
      shortest = round(exact, ++digits);
    }
    return layout(shortest, DOUBLE_PLAIN_EXPONENT);
  }

  /** Writes a real. */
  public static String format(float value) {
    if (value == Math.rint(value) && Math.abs(value) < 1e6f) {
      return value == 0 && 1 / value < 0 ? "-0" : Integer.toString((int) value);
    }
    if (Float.isNaN(value) || Float.isInfinite(value)) {
      return special(value);
    }
    if (Math.abs(value) >= Float.MIN_NORMAL) {
      return layout(FloatToDecimal.toString(value), FLOAT_PLAIN_EXPONENT);
    }
    BigDecimal exact = new BigDecimal(value);
    int digits = 1;
    BigDecimal shortest = round(exact, digits);
    while (digits < FLOAT_MAX_DIGITS && shortest.floatValue() != value) {
      shortest = round(exact, ++digits);
    }
    return layout(shortest, FLOAT_PLAIN_EXPONENT);
  }

  private static BigDecimal round(BigDecimal exact, int digits) {
    return exact.round(new MathContext(digits, RoundingMode.HALF_EVEN));
  }

  private static String special(double value) {
    return Double.isNaN(value) ? "NaN" : value > 0 ? "Infinity" : "-Infinity";
  }

  /** The same of Java's text of a number, which has a fraction or is large. */
  private static String layout(String text, int maxPlainExponent) {
    boolean plain = text.indexOf('E') < 0 && text.indexOf('.') <= maxPlainExponent;
    return plain ? text : layout(new BigDecimal(text), maxPlainExponent);
  }

  /** Plain digits if the exponent lies in [-4, maxPlainExponent), else scientific. */
  private static String layout(BigDecimal value, int maxPlainExponent) {
    BigDecimal stripped = value.stripTrailingZeros();
    int exponent = stripped.precision() - stripped.scale() - 1;
    if (exponent >= -4 && exponent < maxPlainExponent) {
      return stripped.toPlainString();
    }
    String digits = stripped.unscaledValue().abs().toString();
    StringBuilder out = new StringBuilder();
    if (stripped.signum() < 0) {
      out.append('-');
    }
    out.append(digits.charAt(0));
    if (digits.length() > 1) {
      out.append('.').append(digits, 1, digits.length());
    }
    out.append('e').append(exponent < 0 ? '-' : '+');
    if (Math.abs(exponent) < 10) {
      out.append('0');
    }
    return out.append(Math.abs(exponent)).toString();
  }

  /**
   * Reads a double as PostgreSQL does: decimal notation, {@code NaN}, {@code [+-]Infinity} and
   * {@code inf} in any case.
   *
   * @throws NumberFormatException if it is none of these
   */
  public static double parseDouble(String text) {
    String trimmed = text.trim();
    String bare =
        trimmed.startsWith("+") || trimmed.startsWith("-") ? trimmed.substring(1) : trimmed;
    if (bare.equalsIgnoreCase("infinity") || bare.equalsIgnoreCase("inf")) {
      return trimmed.startsWith("-") ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY;
    }
    if (bare.equalsIgnoreCase("nan")) {
      return Double.NaN;
    }
    if (bare.isEmpty() || !(Character.isDigit(bare.charAt(0)) || bare.charAt(0) == '.')) {
      throw new NumberFormatException(text);
    }
    char last = bare.charAt(bare.length() - 1);
    if (!Character.isDigit(last) && last != '.') {
      throw new NumberFormatException(text); // Java would accept 1d, 1f and hexadecimal forms
    }
    return Double.parseDouble(trimmed);
  }
}
