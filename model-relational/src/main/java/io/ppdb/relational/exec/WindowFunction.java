package io.ppdb.relational.exec;

import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.PpdbException;
import io.ppdb.relational.vector.DoubleVector;
import io.ppdb.relational.vector.IntVector;
import io.ppdb.relational.vector.LongVector;
import io.ppdb.relational.vector.Vector;
import java.util.Arrays;

/**
 * One window function at work: computes its results partition by partition, each at the number of
 * its row. Used by one operator.
 */
abstract class WindowFunction {
  /** Places after which is looked whether the statement is wanted any more, a power of two. */
  private static final int PLACES_PER_CHECK = 1 << 12;

  final WindowCall call;
  final Vector result;
  private final Runnable cancellation;

  /**
   * @param cancellation is run now and then and may throw
   */
  WindowFunction(WindowCall call, Runnable cancellation) {
    this.call = call;
    this.cancellation = cancellation;
    this.result = Vector.create(call.type(), 0);
  }

  /** The function for {@code call}; aggregates are {@link WindowAggregate}. */
  static WindowFunction of(WindowCall call, Runnable cancellation) {
    return switch (call.function()) {
      case ROW_NUMBER, RANK, DENSE_RANK, PERCENT_RANK, CUME_DIST, NTILE ->
          new Ranking(call, cancellation);
      default -> new Picking(call, cancellation);
    };
  }

  /** Makes room for the results of {@code rowCount} rows. */
  void begin(int rowCount) {
    result.reset(rowCount);
  }

  /** Computes the results of the rows of one partition. */
  abstract void compute(WindowPartition partition);

  /** All partitions were computed: {@link #result} is complete afterwards. */
  void finish(RowBuffer rows) {}

  long sizeInBytes() {
    return result.sizeInBytes();
  }

  /** Ends the statement if it was cancelled; to be asked at each place that is looked at. */
  final void checkCancelled(int place) {
    if ((place & (PLACES_PER_CHECK - 1)) == 0) {
      cancellation.run();
    }
  }

  private static void setLong(Vector vector, int row, long value) {
    if (vector instanceof IntVector ints) {
      ints.set(row, Math.toIntExact(value));
    } else {
      ((LongVector) vector).set(row, value);
    }
  }

  private static long longAt(Vector vector, int row) {
    return vector instanceof IntVector ints ? ints.get(row) : ((LongVector) vector).get(row);
  }

  /** Functions of a row's place among the others. */
  private static final class Ranking extends WindowFunction {
    Ranking(WindowCall call, Runnable cancellation) {
      super(call, cancellation);
    }

    @Override
    void compute(WindowPartition partition) {
      int start = partition.start();
      long group = 0;
      for (int place = start; place < partition.end(); place++) {
        checkCancelled(place);
        int row = partition.order()[place];
        int peerStart = partition.peerStart(place);
        group += peerStart == place ? 1 : 0;
        switch (call.function()) {
          case ROW_NUMBER -> setLong(result, row, place - start + 1L);
          case RANK -> setLong(result, row, peerStart - start + 1L);
          case DENSE_RANK -> setLong(result, row, group);
          case PERCENT_RANK ->
              ((DoubleVector) result)
                  .set(
                      row,
                      partition.size() == 1
                          ? 0
                          : (double) (peerStart - start) / (partition.size() - 1));
          case CUME_DIST ->
              ((DoubleVector) result)
                  .set(row, (double) (partition.peerEnd(place) - start) / partition.size());
          default -> tile(partition, place, row);
        }
      }
    }

    /** The first buckets have one row more where the rows do not divide evenly. */
    private void tile(WindowPartition partition, int place, int row) {
      // As in PostgreSQL the first row of the partition says how many buckets there are.
      Vector counts = partition.rows().columns()[call.arguments().get(0)];
      int first = partition.order()[partition.start()];
      if (counts.isNull(first)) {
        result.setNull(row);
        return;
      }
      long buckets = longAt(counts, first);
      if (buckets <= 0) {
        throw new PpdbException(
            ErrorCode.INVALID_ARGUMENT,
            "argument of ntile must be greater than zero, seen " + buckets);
      }
      long size = partition.size() / buckets;
      long larger = partition.size() % buckets;
      long index = place - (long) partition.start();
      long inLarger = larger * (size + 1);
      setLong(
          result,
          row,
          index < inLarger ? index / (size + 1) + 1 : larger + (index - inLarger) / size + 1);
    }
  }

  /** Functions that take the value of another row. */
  private static final class Picking extends WindowFunction {
    /** For each row the one whose value it gets, or -1. */
    private int[] sources = {};

    private int[] defaulted = {};
    private int defaultCount;

    Picking(WindowCall call, Runnable cancellation) {
      super(call, cancellation);
    }

    @Override
    void begin(int rowCount) {
      super.begin(rowCount);
      sources = new int[rowCount];
      defaultCount = 0;
    }

    @Override
    void compute(WindowPartition partition) {
      for (int place = partition.start(); place < partition.end(); place++) {
        checkCancelled(place);
        int row = partition.order()[place];
        int picked =
            switch (call.function()) {
              case LAG -> shifted(partition, place, row, -1);
              case LEAD -> shifted(partition, place, row, 1);
              default -> inFrame(partition, place, row);
            };
        sources[row] = picked < 0 ? -1 : partition.order()[picked];
      }
    }

    private int shifted(WindowPartition partition, int place, int row, int direction) {
      long offset = 1;
      if (call.arguments().size() > 1) {
        Vector offsets = partition.rows().columns()[call.arguments().get(1)];
        if (offsets.isNull(row)) {
          return -1;
        }
        offset = longAt(offsets, row);
      }
      int found =
          call.ignoreNulls()
              ? withoutNulls(partition, place, offset, direction)
              : bounded(partition, place + direction * offset);
      if (found < 0 && call.arguments().size() > 2) {
        if (defaultCount == defaulted.length) {
          defaulted = Arrays.copyOf(defaulted, Math.max(16, 2 * defaultCount));
        }
        defaulted[defaultCount++] = row;
      }
      return found;
    }

    private static int bounded(WindowPartition partition, long place) {
      return place < partition.start() || place >= partition.end() ? -1 : (int) place;
    }

    private int withoutNulls(WindowPartition partition, int place, long offset, int direction) {
      Vector values = partition.rows().columns()[call.arguments().get(0)];
      int step = offset < 0 ? -direction : direction;
      long left = Math.abs(offset);
      int at = place;
      while (left > 0) {
        at += step;
        checkCancelled(at);
        if (at < partition.start() || at >= partition.end()) {
          return -1;
        }
        left -= values.isNull(partition.order()[at]) ? 0 : 1;
      }
      return at;
    }

    private int inFrame(WindowPartition partition, int place, int row) {
      int start = partition.frameStart(call, place);
      int end = partition.frameEnd(call, place);
      long wanted = 1;
      if (call.function() == WindowCall.Function.NTH_VALUE) {
        Vector numbers = partition.rows().columns()[call.arguments().get(1)];
        if (numbers.isNull(row)) {
          return -1;
        }
        wanted = longAt(numbers, row);
        if (wanted <= 0) {
          throw new PpdbException(
              ErrorCode.INVALID_ARGUMENT,
              "argument of nth_value must be greater than zero, seen " + wanted);
        }
      }
      boolean last = call.function() == WindowCall.Function.LAST_VALUE;
      boolean simple =
          !call.ignoreNulls() && call.frame().exclusion() == WindowFrame.Exclusion.NO_OTHERS;
      if (simple) {
        return start >= end || wanted > end - start
            ? -1
            : last ? end - 1 : start + (int) wanted - 1;
      }
      Vector values = partition.rows().columns()[call.arguments().get(0)];
      for (int i = 0; i < end - start; i++) {
        int other = last ? end - 1 - i : start + i;
        checkCancelled(other);
        boolean counts =
            !partition.isExcluded(call.frame().exclusion(), place, other)
                && !(call.ignoreNulls() && values.isNull(partition.order()[other]));
        if (counts && --wanted == 0) {
          return other;
        }
      }
      return -1;
    }

    @Override
    void finish(RowBuffer rows) {
      Vector values = rows.columns()[call.arguments().get(0)];
      for (int first = 0; first < sources.length; first += PLACES_PER_CHECK) {
        checkCancelled(first);
        int count = Math.min(PLACES_PER_CHECK, sources.length - first);
        result.copy(values, Arrays.copyOfRange(sources, first, first + count), count, first);
      }
      if (defaultCount > 0) {
        result.assign(rows.columns()[call.arguments().get(2)], defaulted, defaultCount);
      }
      sources = new int[0];
    }

    @Override
    long sizeInBytes() {
      return super.sizeInBytes() + 4L * sources.length;
    }
  }
}
