package io.ppdb.suites;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a database answered to a query: rows in their order, or an error. Answers of two databases
 * are the same if the rows are, up to what types add: digits of an exact quotient that one of them
 * cuts off, and the last digits of floating-point numbers.
 */
public record Answer(List<List<@Nullable Object>> rows, @Nullable SQLException error) {
  /** Relative difference within which floating-point numbers count as equal. */
  private static final double TOLERANCE = 1e-9;

  /** Drivers write the fraction of a second that is none, or do not. */
  private static final Pattern TIME =
      Pattern.compile("(\\d{4}-\\d\\d-\\d\\d)[ T](\\d\\d:\\d\\d:\\d\\d)(?:\\.0+)?");

  /** What the database of {@code statement} answers. */
  public static Answer of(Statement statement, String sql) {
    List<List<@Nullable Object>> rows = new ArrayList<>();
    try (ResultSet result = statement.executeQuery(sql)) {
      int columnCount = result.getMetaData().getColumnCount();
      while (result.next()) {
        @Nullable Object[] row = new @Nullable Object[columnCount];
        for (int i = 0; i < columnCount; i++) {
          row[i] = value(result.getObject(i + 1), result.getString(i + 1));
        }
        rows.add(Arrays.asList(row));
      }
      return new Answer(rows, null);
    } catch (SQLException e) {
      return new Answer(List.of(), e);
    }
  }

  /** What a change answers: its rows if it returns any, or their number. */
  public static Answer ofWrite(Statement statement, String sql) {
    if (sql.contains(" RETURNING ")) {
      return of(statement, sql);
    }
    try {
      return new Answer(List.of(List.of(BigDecimal.valueOf(statement.executeUpdate(sql)))), null);
    } catch (SQLException e) {
      return new Answer(List.of(), e);
    }
  }

  /** A number, a Boolean or text. */
  private static @Nullable Object value(@Nullable Object object, @Nullable String text) {
    if (object instanceof Double || object instanceof Float) {
      return ((Number) object).doubleValue();
    }
    if (object instanceof Number) {
      return new BigDecimal(object.toString());
    }
    if (object instanceof Boolean || text == null) {
      return object;
    }
    Matcher time = TIME.matcher(text);
    return time.matches() ? time.group(1) + " " + time.group(2) : text;
  }

  public boolean failed() {
    return error != null;
  }

  /** The rows in an order that does not depend on the database. */
  public Answer sorted() {
    List<List<@Nullable Object>> sorted = new ArrayList<>(rows);
    sorted.sort(Comparator.comparing(Answer::sortText));
    return new Answer(sorted, error);
  }

  private static String sortText(List<@Nullable Object> row) {
    StringBuilder text = new StringBuilder();
    for (Object value : row) {
      text.append(
          value instanceof Number number
              ? new BigDecimal(number.toString()).setScale(6, RoundingMode.HALF_UP)
              : value);
      text.append('|');
    }
    return text.toString();
  }

  /** The first difference to {@code other}, or null. */
  public @Nullable String differenceTo(Answer other) {
    if (error != null || other.error != null) {
      return error != null && other.error != null ? null : text(this) + " and " + text(other);
    }
    if (rows.size() != other.rows.size()) {
      return rows.size() + " rows and " + other.rows.size() + " rows";
    }
    for (int i = 0; i < rows.size(); i++) {
      if (!sameRow(rows.get(i), other.rows.get(i))) {
        return "row " + (i + 1) + ": " + rows.get(i) + " and " + other.rows.get(i);
      }
    }
    return null;
  }

  private static String text(Answer answer) {
    return answer.error == null ? answer.rows.size() + " rows" : answer.error.toString();
  }

  private static boolean sameRow(List<@Nullable Object> left, List<@Nullable Object> right) {
    boolean same = left.size() == right.size();
    for (int i = 0; same && i < left.size(); i++) {
      same = sameValue(left.get(i), right.get(i));
    }
    return same;
  }

  private static boolean sameValue(@Nullable Object left, @Nullable Object right) {
    if (left instanceof BigDecimal a && right instanceof BigDecimal b) {
      int scale = Math.min(a.scale(), b.scale());
      return rounded(a, scale).compareTo(rounded(b, scale)) == 0;
    }
    if (left instanceof Number a && right instanceof Number b) {
      double difference = Math.abs(a.doubleValue() - b.doubleValue());
      double size = Math.max(Math.abs(a.doubleValue()), Math.abs(b.doubleValue()));
      return Double.compare(a.doubleValue(), b.doubleValue()) == 0
          || difference <= TOLERANCE * size;
    }
    return Objects.equals(left, right);
  }

  private static BigDecimal rounded(BigDecimal number, int scale) {
    return number.setScale(scale, RoundingMode.HALF_UP);
  }
}
