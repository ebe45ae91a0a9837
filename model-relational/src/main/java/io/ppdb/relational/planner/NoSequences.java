package io.ppdb.relational.planner;

import io.ppdb.relational.expr.SequenceValues;

/** Sequences where an expression is only tried: nothing is drawn. */
final class NoSequences implements SequenceValues {
  @Override
  public long next(String name) {
    return 1;
  }

  @Override
  public long current(String name) {
    return 1;
  }

  @Override
  public long last() {
    return 1;
  }

  @Override
  public long set(String name, long value, boolean isCalled) {
    return value;
  }
}
