package io.ppdb.relational.exec;

import io.ppdb.relational.vector.Vector;
import org.jspecify.annotations.Nullable;

/**
 * The states of one aggregate function for all groups, in arrays indexed by group number.
 *
 * <p>Called with rows whose first argument is not NULL (unless {@link #wantsNulls}).
 */
interface Accumulator {
  /** Makes room for the states of {@code groupCount} groups; new ones start empty. */
  void ensureGroups(int groupCount);

  /**
   * Adds rows to their groups.
   *
   * @param selection positions of the rows in the arguments, or null for {@code 0..count}
   * @param groups the group of row i at index i, or null if all rows belong to group 0
   */
  void add(Vector[] arguments, int @Nullable [] selection, int count, int @Nullable [] groups);

  /** Writes the results of groups {@code first..first+count} to positions 0 and up. */
  void emit(int first, int count, Vector result);

  /** Bytes of heap the states take, about. */
  long sizeInBytes();

  /** Whether rows with a NULL argument count too. */
  default boolean wantsNulls() {
    return false;
  }
}
