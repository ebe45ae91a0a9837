package io.ppdb.relational.exec;

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
}
