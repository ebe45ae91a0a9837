package io.ppdb.relational.planner;

import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.PpdbException;
import io.ppdb.relational.exec.BatchSource;
import io.ppdb.relational.exec.ExecutionContext;
import io.ppdb.relational.spi.RowListSource;
import io.ppdb.relational.spi.TableFunction;
import io.ppdb.relational.type.ColumnType;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** {@code generate_series(start, stop [, step])} of whole numbers. */
final class GenerateSeries implements TableFunction {
  static final String NAME = "generate_series";

  private final List<ColumnType> parameterTypes;

  private GenerateSeries(ColumnType... parameterTypes) {
    this.parameterTypes = List.of(parameterTypes);
  }

  /** One for each list of parameters. */
  static List<TableFunction> all() {
    return List.of(
        new GenerateSeries(ColumnType.BIGINT, ColumnType.BIGINT),
        new GenerateSeries(ColumnType.BIGINT, ColumnType.BIGINT, ColumnType.BIGINT));
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public List<ColumnType> parameterTypes() {
    return parameterTypes;
  }

  @Override
  public List<OutputColumn> outputColumns(List<@Nullable Object> constants) {
    return List.of(new OutputColumn(NAME, parameterTypes.get(0)));
  }

  @Override
  public BatchSource open(List<@Nullable Object> arguments, ExecutionContext context) {
    Object start = arguments.get(0);
    Object stop = arguments.get(1);
    Object step = arguments.size() == 2 ? Long.valueOf(1) : arguments.get(2);
    Iterator<@Nullable Object[]> rows = Collections.emptyIterator();
    if (start instanceof Long first && stop instanceof Long last && step instanceof Long by) {
      rows = numbers(first, last, by);
    }
    return new RowListSource(rows, new int[] {0});
  }

  private static Iterator<@Nullable Object[]> numbers(long first, long last, long step) {
    checkStep(step != 0);
    return new Series<Long>(
        first,
        value -> step > 0 ? value <= last : value >= last,
        value -> {
          long next = value + step;
          // Beyond the largest number nothing is left to come.
          return (step > 0) == (next > value) ? next : null;
        });
  }

  private static void checkStep(boolean moves) {
    if (!moves) {
      throw new PpdbException(ErrorCode.INVALID_ARGUMENT, "step size cannot equal zero");
    }
  }

  /** Values from a first one on, as long as they are within the bounds. */
  private static final class Series<T> implements Iterator<@Nullable Object[]> {
    private final Predicate<T> within;
    private final UnaryOperator<@Nullable T> successor;
    private @Nullable T next;

    Series(T first, Predicate<T> within, UnaryOperator<@Nullable T> successor) {
      this.next = first;
      this.within = within;
      this.successor = successor;
    }

    @Override
    public boolean hasNext() {
      T value = next;
      return value != null && within.test(value);
    }

    @Override
    public @Nullable Object[] next() {
      T value = next;
      if (value == null) {
        throw new NoSuchElementException();
      }
      next = successor.apply(value);
      return new @Nullable Object[] {value};
    }
  }
}
