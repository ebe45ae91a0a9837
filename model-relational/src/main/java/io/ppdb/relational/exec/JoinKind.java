package io.ppdb.relational.exec;

import org.apache.calcite.rel.core.JoinRelType;

/** What a join returns of rows that do and do not match. */
public enum JoinKind {
  INNER,
  LEFT,
  RIGHT,
  FULL,
  /** Left rows that have a match, once. */
  SEMI,
  /** Left rows that have none. */
  ANTI;

  /** The kind that Calcite calls {@code type}. */
  public static JoinKind fromCalcite(JoinRelType type) {
    return switch (type) {
      case INNER -> INNER;
      case LEFT -> LEFT;
      case RIGHT -> RIGHT;
      case FULL -> FULL;
      case SEMI -> SEMI;
      case ANTI -> ANTI;
      default -> throw new IllegalArgumentException("no kind for a " + type + " join");
    };
  }

  /** Whether the result has the right side's columns. */
  public boolean hasRightColumns() {
    return this != SEMI && this != ANTI;
  }

  boolean keepsUnmatchedLeft() {
    return this == LEFT || this == FULL;
  }

  boolean keepsUnmatchedRight() {
    return this == RIGHT || this == FULL;
  }
}
