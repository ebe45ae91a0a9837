package io.ppdb.kv.contract;

import io.ppdb.kv.MergeOperator;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Keeps the greatest operand: an operator of a user, with an id beyond PPDB's own. */
public enum MaxOperator implements MergeOperator {
  INSTANCE;

  @Override
  public int id() {
    return 1000;
  }

  @Override
  public byte[] apply(byte @Nullable [] value, byte[] operand) {
    return value == null ? operand : combine(value, operand);
  }

  @Override
  public byte[] combine(byte[] left, byte[] right) {
    return Arrays.compareUnsigned(left, right) >= 0 ? left : right;
  }
}
