package io.ppdb.relational.exec;

/**
 * Which rows of its partition a window function sees from a row.
 *
 * @param unit what its bounds count
 */
public record WindowFrame(Unit unit, Bound lower, Bound upper, Exclusion exclusion) {
  /** What bounds count. */
  public enum Unit {
    /** Rows, whatever their keys. */
    ROWS,
    /** Groups of rows that are equal in the order. */
    GROUPS,
    /** Distance from the row by the order key; rows that are equal in it belong together. */
    RANGE
  }

  /** Where a bound lies. */
  public enum Place {
    UNBOUNDED_PRECEDING,
    PRECEDING,
    CURRENT_ROW,
    FOLLOWING,
    UNBOUNDED_FOLLOWING
  }

  /** Rows of the frame that are left out all the same. */
  public enum Exclusion {
    NO_OTHERS,
    CURRENT_ROW,
    /** The row and its peers. */
    GROUP,
    /** The peers of the row, but not the row. */
    TIES
  }

  /**
   * One end of the frame.
   *
   * @param column of PRECEDING and FOLLOWING the input column with the number of rows or groups,
   *     or, of a frame by values, with the value of the order key at this end; else -1
   */
  public record Bound(Place place, int column) {}

  /** Whether the frame is the whole partition for each of its rows. */
  boolean isPartition() {
    return lower.place == Place.UNBOUNDED_PRECEDING
        && upper.place == Place.UNBOUNDED_FOLLOWING
        && exclusion == Exclusion.NO_OTHERS;
  }
}
