package io.ppdb.bench.tpch;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Query results as lines of text that keep what kind of value each was.
 *
 * <p>A cell is {@code -} for NULL, {@code d:} and a floating-point number, {@code n:} and an exact
 * number, or {@code s:} and the text of anything else; cells are separated by {@code |}.
 */
final class ResultRows {
  /** Relative difference within which floating-point numbers count as equal. */
  private static final double TOLERANCE = 1e-9;

  private ResultRows() {}

  /** All rows of {@code result}. */
  static List<String> encode(ResultSet result) throws SQLException {
    int columnCount = result.getMetaData().getColumnCount();
    List<String> rows = new ArrayList<>();
    StringBuilder row = new StringBuilder();
    while (result.next()) {
      row.setLength(0);
      for (int i = 1; i <= columnCount; i++) {
        row.append(i == 1 ? "" : "|").append(encode(result.getObject(i)));
      }
      rows.add(row.toString());
    }
    return rows;
  }

  private static String encode(@Nullable Object value) {
    if (value == null) {
      return "-";
    }
    if (value instanceof Double || value instanceof Float) {
      return "d:" + value;
    }
    if (value instanceof BigDecimal number) {
      return "n:" + number.toPlainString();
    }
    return (value instanceof Number ? "n:" : "s:") + value.toString().replaceAll("[|\\n]", " ");
  }

  /** The first difference between two results, or null if they are equal. */
  static @Nullable String difference(List<String> left, List<String> right) {
    if (left.size() != right.size()) {
      return left.size() + " rows and " + right.size() + " rows";
    }
    for (int i = 0; i < left.size(); i++) {
      String[] leftCells = left.get(i).split("\\|", -1);
      String[] rightCells = right.get(i).split("\\|", -1);
      boolean equal = leftCells.length == rightCells.length;
      for (int j = 0; equal && j < leftCells.length; j++) {
        equal = sameValue(leftCells[j], rightCells[j]);
      }
      if (!equal) {
        return "row " + (i + 1) + ": " + left.get(i) + " and " + right.get(i);
      }
    }
    return null;
  }

  /** A digest of the rows as they were encoded. */
  static String checksum(List<String> rows) {
    CRC32C crc = new CRC32C();
    for (String row : rows) {
      crc.update(row.getBytes(StandardCharsets.UTF_8));
    }
    return rows.size() + ":" + Long.toHexString(crc.getValue());
  }

  private static boolean sameValue(String left, String right) {
    if (!isNumber(left) || !isNumber(right)) {
      return left.equals(right);
    }
    String leftNumber = left.substring(2);
    String rightNumber = right.substring(2);
    boolean rounded = left.startsWith("d:") || right.startsWith("d:");
    return rounded
        ? nearlyEqual(Double.parseDouble(leftNumber), Double.parseDouble(rightNumber))
        : sameExactNumber(new BigDecimal(leftNumber), new BigDecimal(rightNumber));
  }

  private static boolean isNumber(String cell) {
    return cell.startsWith("n:") || cell.startsWith("d:");
  }

  private static boolean nearlyEqual(double left, double right) {
    return Math.abs(left - right) <= TOLERANCE * Math.max(Math.abs(left), Math.abs(right));
  }

  /**
   * Whether two exact numbers are equal to the digits that both have. Sums have all their digits on
   * every engine; the quotient in an average is cut where each engine pleases.
   */
  private static boolean sameExactNumber(BigDecimal left, BigDecimal right) {
    int scale = Math.min(left.scale(), right.scale());
    return left.setScale(scale, RoundingMode.HALF_UP)
            .compareTo(right.setScale(scale, RoundingMode.HALF_UP))
        == 0;
  }
}
