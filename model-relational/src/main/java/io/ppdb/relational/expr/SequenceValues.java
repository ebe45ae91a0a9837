package io.ppdb.relational.expr;

/** What nextval and its like do, for one statement. */
public interface SequenceValues {
  /** Draws the next value of the sequence called {@code name}. */
  long next(String name);

  /** The value that this session drew last from the sequence. */
  long current(String name);

  /** The value that this session drew last from any sequence. */
  long last();

  /** Lets the sequence go on from {@code value}, which counts as drawn or not. */
  long set(String name, long value, boolean isCalled);
}
