package io.ppdb.relational.exec;

import io.ppdb.relational.expr.Comparison;
import io.ppdb.relational.vector.Vector;
import java.util.List;
import org.apache.calcite.rel.RelFieldCollation;

/**
 * One column of an ordering.
 *
 * @param nullsFirst whether NULLs come before all values, whatever the direction
 */
public record SortKey(int column, boolean descending, boolean nullsFirst) {
  /** The key that Calcite's {@code field} stands for; NULLs are greater than all else. */
  public static SortKey fromCalcite(RelFieldCollation field) {
    boolean descending = field.direction.isDescending();
    boolean nullsFirst =
        switch (field.nullDirection) {
          case FIRST -> true;
          case LAST -> false;
          case UNSPECIFIED -> descending;
        };
    return new SortKey(field.getFieldIndex(), descending, nullsFirst);
  }

  /**
   * The sign by which row {@code left} of some columns and row {@code right} of others are ordered.
   */
  static int compare(
      List<SortKey> keys, Vector[] leftColumns, int left, Vector[] rightColumns, int right) {
    return compare(keys, 0, leftColumns, left, rightColumns, right);
  }

  /** The same by the keys from {@code first} on. */
  static int compare(
      List<SortKey> keys,
      int first,
      Vector[] leftColumns,
      int left,
      Vector[] rightColumns,
      int right) {
    for (int i = first; i < keys.size(); i++) {
      SortKey key = keys.get(i);
      Vector leftColumn = leftColumns[key.column];
      Vector rightColumn = rightColumns[key.column];
      boolean leftNull = leftColumn.isNull(left);
      boolean rightNull = rightColumn.isNull(right);
      int sign = 0;
      if (leftNull || rightNull) {
        if (leftNull != rightNull) {
          sign = leftNull == key.nullsFirst ? -1 : 1;
        }
      } else {
        sign = Comparison.compare(leftColumn, left, rightColumn, right);
        sign = key.descending ? -sign : sign;
      }
      if (sign != 0) {
        return sign;
      }
    }
    return 0;
  }
}
