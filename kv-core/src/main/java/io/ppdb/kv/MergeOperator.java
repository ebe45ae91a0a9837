package io.ppdb.kv;

import org.jspecify.annotations.Nullable;

/**
 * An associative and commutative way to fold an operand into a value, stored with the data by its
 * id.
 *
 * <p>An operator must be registered in {@link StoreOptions} whenever a store that uses it is
 * opened. Implementations are stateless and thread-safe.
 */
public interface MergeOperator {
  /** The persistent id, 1 to 32767; ids below 1000 are PPDB's own. */
  int id();

  String name();

  /** The value after {@code operand} is folded onto {@code value} (null: there is none). */
  byte[] apply(byte @Nullable [] value, byte[] operand);

  /** One operand that has the effect of both, in either order. */
  byte[] combine(byte[] left, byte[] right);
}
