package io.ppdb.relational.expr;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Locale;

/**
 * A template of to_char for numbers: 9 and 0 for digits, a point, commas, signs S, MI, PL and PR,
 * and FM for a result without padding. Immutable.
 */
final class NumberPattern {
  private final String whole;
  private final String fraction;
  private final boolean compact;
  private final boolean brackets;

  /** Where the sign stands: "" beside the first digit, "S", "MI" or "PL" before or behind. */
  private final String sign;

  private final boolean signBehind;

  NumberPattern(String template) {
    String rest = template.toUpperCase(Locale.ROOT);
    compact = rest.contains("FM");
    rest = rest.replace("FM", "");
    brackets = rest.endsWith("PR");
    rest = brackets ? rest.substring(0, rest.length() - 2) : rest;
    String found = "";
    boolean behind = false;
    for (String candidate : new String[] {"MI", "PL", "SG", "S"}) {
      if (rest.startsWith(candidate)) {
        found = candidate;
        rest = rest.substring(candidate.length());
        break;
      } else if (rest.endsWith(candidate)) {
        found = candidate;
        behind = true;
        rest = rest.substring(0, rest.length() - candidate.length());
        break;
      }
    }
    sign = found.equals("SG") ? "S" : found;
    signBehind = behind;
    rest = rest.replace('D', '.').replace('G', ',');
    int point = rest.indexOf('.');
    whole = point < 0 ? rest : rest.substring(0, point);
    fraction = point < 0 ? "" : rest.substring(point);
    if (!whole.matches("[90, ]*") || !fraction.matches("(\\.[90 ]*)?")) {
      throw Errors.notSupported("to_char with the number format \"" + template + "\"");
    }
  }

  String format(BigDecimal number) {
    int decimals = (int) fraction.chars().filter(c -> c == '9' || c == '0').count();
    BigDecimal rounded = number.abs().setScale(decimals, RoundingMode.HALF_UP);
    boolean negative = number.signum() < 0 && rounded.signum() != 0;
    String plain = rounded.toPlainString();
    int point = plain.indexOf('.');
    String digits = point < 0 ? plain : plain.substring(0, point);
    String decimalDigits = point < 0 ? "" : plain.substring(point + 1);
    long places = whole.chars().filter(c -> c == '9' || c == '0').count();
    if (digits.equals("0") && (decimals > 0 || places == 0)) {
      digits = ""; // a zero before the point is shown where the template has one
    }
    boolean overflow = digits.length() > places;
    String left = overflow ? whole.replaceAll("[90]", "#") : wholePart(digits);
    String right = overflow ? fraction.replaceAll("[90]", "#") : fractionPart(decimalDigits);
    return signed(left, right, negative);
  }

  private String wholePart(String digits) {
    StringBuilder out = new StringBuilder();
    int places = (int) whole.chars().filter(c -> c == '9' || c == '0').count();
    boolean started = false;
    int place = 0;
    for (int i = 0; i < whole.length(); i++) {
      char c = whole.charAt(i);
      if (c == '9' || c == '0') {
        int digit = digits.length() - (places - place);
        started |= digit >= 0 || c == '0';
        out.append(digit >= 0 ? digits.charAt(digit) : started ? '0' : ' ');
        place++;
      } else {
        out.append(c == ',' && !started ? ' ' : c);
      }
    }
    return out.toString();
  }

  private String fractionPart(String digits) {
    if (fraction.isEmpty()) {
      return "";
    }
    String shown = digits;
    if (compact) {
      // Zeros at the end stay as far as the template has zeros.
      int needed = fraction.lastIndexOf('0');
      int end = shown.length();
      while (end > needed && end > 0 && shown.charAt(end - 1) == '0') {
        end--;
      }
      shown = shown.substring(0, end);
    }
    return "." + shown;
  }

  private String signed(String left, String right, boolean negative) {
    int start = 0;
    while (start < left.length() && left.charAt(start) == ' ') {
      start++;
    }
    String padding = compact ? "" : left.substring(0, start);
    String body = left.substring(start) + right;
    if (brackets) {
      return padding + (negative ? "<" + body + ">" : compact ? body : " " + body + " ");
    }
    String mark =
        switch (sign) {
          case "MI" -> negative ? "-" : compact ? "" : " ";
          case "PL" -> negative ? "-" : "+";
          case "S" -> negative ? "-" : "+";
          default -> negative ? "-" : compact ? "" : " ";
        };
    return signBehind
        ? padding + body + mark
        : sign.equals("MI") ? mark + padding + body : padding + mark + body;
  }
}
