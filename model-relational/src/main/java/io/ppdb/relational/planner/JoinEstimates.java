package io.ppdb.relational.planner;

import io.ppdb.relational.exec.JoinKind;
import java.util.List;
import org.apache.calcite.rel.RelNode;

/**
 * How many rows joins and groups have, by the number of values of the columns they compare: values
 * of the side that has fewer of them are taken to be among those of the other, and each to be as
 * frequent as any.
 */
final class JoinEstimates {
  /** Nothing is known. */
  static final double UNKNOWN = 0;

  private JoinEstimates() {}

  /** One side of a join: its algebra, its estimated rows, the columns that are compared. */
  record Side(RelNode rel, double rows, List<Integer> keys) {
    /** How many different keys there may be; {@link #UNKNOWN} if nothing is known of a column. */
    double distinctKeys() {
      double product = 1;
      double most = 1;
      for (int key : keys) {
        ColumnOrigin origin = ColumnOrigin.of(rel, key);
        double count = origin == null ? UNKNOWN : origin.distinctCount();
        if (origin == null || count == UNKNOWN) {
          return UNKNOWN;
        }
        product *= count;
        most = Math.max(most, origin.tableRows());
      }
      return Math.max(1, Math.min(product, most));
    }
  }

  /** The part of all pairs that have equal keys; {@link #UNKNOWN} if nothing is known. */
  static double selectivity(Side left, Side right) {
    double most = Math.max(left.distinctKeys(), right.distinctKeys());
    return most == UNKNOWN ? UNKNOWN : 1 / most;
  }

  /**
   * Rows of a join on equal keys.
   *
   * @param rest the part of the pairs that meet what is asked besides
   * @return {@link #UNKNOWN} if nothing is known
   */
  static double rows(JoinKind kind, Side left, Side right, double rest) {
    double selectivity = selectivity(left, right);
    if (selectivity == UNKNOWN) {
      return UNKNOWN;
    }
    double pairs = left.rows * right.rows * selectivity * rest;
    double rows =
        switch (kind) {
          case INNER -> pairs;
          case LEFT -> Math.max(left.rows, pairs);
          case RIGHT -> Math.max(right.rows, pairs);
          case FULL -> Math.max(left.rows + right.rows - pairs, Math.max(left.rows, right.rows));
          case SEMI -> left.rows * matched(left, right, rest);
          case ANTI -> left.rows * (1 - matched(left, right, rest));
        };
    return Math.max(1, rows);
  }

  /** The part of the left rows that have a right one. */
  private static double matched(Side left, Side right, double rest) {
    double leftKeys = left.distinctKeys();
    double rightKeys = Math.min(right.rows, Math.max(right.distinctKeys(), 1));
    double part = leftKeys == UNKNOWN ? 0.5 : Math.min(1, rightKeys / leftKeys);
    return part * rest;
  }

  /** How many groups {@code rows} rows of {@code rel} form by {@code columns}. */
  static double groups(RelNode rel, List<Integer> columns, double rows) {
    if (columns.isEmpty()) {
      return 1;
    }
    double distinct = new Side(rel, rows, columns).distinctKeys();
    return Math.max(1, distinct == UNKNOWN ? rows / 10 : Math.min(rows, distinct));
  }
}
