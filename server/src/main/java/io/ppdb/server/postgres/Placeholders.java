package io.ppdb.server.postgres;

import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.PpdbException;
import io.ppdb.relational.type.ColumnType;
import java.util.Arrays;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * A statement whose parameters are written {@code $1}, as PPDB reads it: with {@code ?} and as many
 * characters as before, so that positions stay.
 *
 * @param sql with {@code ?}
 * @param numbers which parameter each {@code ?} is, from 0, in their order
 * @param positions where each {@code ?} is
 * @param count how many parameters there are
 */
record Placeholders(String sql, int[] numbers, int[] positions, int count) {
  /** Most parameters: Bind counts them by 16 bits. */
  private static final int MAX_COUNT = 65_535;

  static Placeholders of(String sql) {
    if (sql.indexOf('$') < 0) {
      return new Placeholders(sql, new int[0], new int[0], 0);
    }
    StringBuilder changed = new StringBuilder(sql);
    int[] numbers = new int[4];
    int[] positions = new int[4];
    int size = 0;
    int count = 0;
    int at = 0;
    while (at < sql.length()) {
      int skipped = SqlScanner.skip(sql, at);
      if (skipped > at) {
        at = skipped;
        continue;
      }
      int end = isPlaceholder(sql, at) ? digitsEnd(sql, at + 1) : at + 1;
      if (end > at + 1) {
        int number = number(sql.substring(at + 1, end));
        changed.setCharAt(at, '?');
        for (int i = at + 1; i < end; i++) {
          changed.setCharAt(i, ' ');
        }
        if (size == numbers.length) {
          numbers = Arrays.copyOf(numbers, 2 * size);
          positions = Arrays.copyOf(positions, 2 * size);
        }
        positions[size] = at;
        numbers[size++] = number - 1;
        count = Math.max(count, number);
      }
      at = end;
    }
    return new Placeholders(
        changed.toString(), Arrays.copyOf(numbers, size), Arrays.copyOf(positions, size), count);
  }

  /** A statement whose parameters are written {@code ?}, as PPDB's own driver sends them. */
  static Placeholders plain(String sql, int count) {
    int[] numbers = new int[count];
    Arrays.setAll(numbers, i -> i);
    return new Placeholders(sql, numbers, new int[0], count);
  }

  private static boolean isPlaceholder(String sql, int at) {
    return sql.charAt(at) == '$' && (at == 0 || !SqlScanner.isWordPart(sql.charAt(at - 1)));
  }

  private static int digitsEnd(String sql, int start) {
    int end = start;
    while (end < sql.length() && sql.charAt(end) >= '0' && sql.charAt(end) <= '9') {
      end++;
    }
    return end;
  }

  private static int number(String digits) {
    int number = digits.length() > 6 ? Integer.MAX_VALUE : Integer.parseInt(digits);
    if (number == 0 || number > MAX_COUNT) {
      throw new PpdbException(
          ErrorCode.UNDEFINED_PARAMETER,
          "there is no parameter $" + digits + "; expected $1 to $" + MAX_COUNT);
    }
    return number;
  }

  /**
   * The statement with a cast around parameters.
   *
   * @param types the type of a parameter, by its number from 0; null to leave it as it is
   */
  String withCasts(IntFunction<@Nullable ColumnType> types) {
    StringBuilder cast = new StringBuilder();
    int copied = 0;
    for (int i = 0; i < numbers.length; i++) {
      ColumnType type = types.apply(numbers[i]);
      if (type != null) {
        cast.append(sql, copied, positions[i]).append("CAST(? AS ").append(type).append(')');
        copied = positions[i] + 1;
      }
    }
    return cast.append(sql, copied, sql.length()).toString();
  }

  /** Whether a {@code ?} is the only way in which a parameter occurs, each once and in order. */
  boolean isPlain() {
    if (numbers.length != count) {
      return false;
    }
    for (int i = 0; i < numbers.length; i++) {
      if (numbers[i] != i) {
        return false;
      }
    }
    return true;
  }
}
