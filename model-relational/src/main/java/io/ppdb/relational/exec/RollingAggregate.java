package io.ppdb.relational.exec;

import io.ppdb.relational.vector.Vector;
import io.ppdb.relational.vector.VectorBatch;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * An aggregate over any range of a partition, without a look at each of its rows. Used by one
 * operator.
 */
interface RollingAggregate {
  /** The one for {@code spec}; null if there is no way but to add up all rows of a frame. */
  static @Nullable RollingAggregate of(AggregateSpec spec, VectorBatch rows) {
    Vector argument = spec.arguments().isEmpty() ? null : rows.column(spec.arguments().get(0));
    return switch (spec.function()) {
      case COUNT -> spec.arguments().size() > 1 ? null : new RollingSum(spec, argument, false);
      case SUM, SUM0, AVG ->
          argument != null && RollingSum.isExact(argument)
              ? new RollingSum(spec, argument, true)
              : null;
      case MIN, BOOL_AND -> argument == null ? null : new RollingExtreme(argument, -1);
      case MAX, BOOL_OR -> argument == null ? null : new RollingExtreme(argument, 1);
      default -> null;
    };
  }

  /**
   * Looks at the rows of a partition, whose places are what ranges are made of.
   *
   * @param checkCancelled is given each number of work done and may throw
   */
  void begin(WindowPartition partition, IntConsumer checkCancelled);

  /**
   * Writes the aggregate of some ranges to position 0.
   *
   * @param bounds first place and first place behind, of one range after the other
   * @param count how many bounds there are
   */
  void emit(int[] bounds, int count, Vector result);

  long sizeInBytes();
}
