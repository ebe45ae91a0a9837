package io.ppdb.relational.parser;

import org.apache.calcite.sql.SqlDataTypeSpec;
import org.jspecify.annotations.Nullable;

/** The options of a sequence; the parser completes it one by one. What is null was not said. */
public final class SequenceClause {
  private @Nullable SqlDataTypeSpec type;
  private @Nullable Long start;
  private @Nullable Long restart;
  private boolean restarts;
  private @Nullable Long increment;
  private @Nullable Bound minimum;
  private @Nullable Bound maximum;
  private @Nullable Boolean cycles;
  private @Nullable Long cache;

  /** A limit; {@code value} is null for NO MINVALUE or NO MAXVALUE, which mean the usual one. */
  public record Bound(@Nullable Long value) {}

  public @Nullable SqlDataTypeSpec type() {
    return type;
  }

  public void setType(SqlDataTypeSpec newType) {
    type = newType;
  }

  public @Nullable Long start() {
    return start;
  }

  public void setStart(long value) {
    start = value;
  }

  /** Whether the sequence begins again. */
  public boolean restarts() {
    return restarts;
  }

  /** Where it begins again; null for its start. */
  public @Nullable Long restart() {
    return restart;
  }

  public void setRestart(@Nullable Long value) {
    restarts = true;
    restart = value;
  }

  public @Nullable Long increment() {
    return increment;
  }

  public void setIncrement(long value) {
    increment = value;
  }

  public @Nullable Bound minimum() {
    return minimum;
  }

  public void setMinimum(@Nullable Long value) {
    minimum = new Bound(value);
  }

  public @Nullable Bound maximum() {
    return maximum;
  }

  public void setMaximum(@Nullable Long value) {
    maximum = new Bound(value);
  }

  public @Nullable Boolean cycles() {
    return cycles;
  }

  public void setCycles(boolean newCycles) {
    cycles = newCycles;
  }

  public @Nullable Long cache() {
    return cache;
  }

  public void setCache(long value) {
    cache = value;
  }
}
