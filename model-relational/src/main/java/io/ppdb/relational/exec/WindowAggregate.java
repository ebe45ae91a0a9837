package io.ppdb.relational.exec;

import io.ppdb.relational.expr.EvaluationContext;
import io.ppdb.relational.type.ColumnType;
import io.ppdb.relational.vector.Vector;
import io.ppdb.relational.vector.VectorBatch;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * An aggregate over the frame of each row.
 *
 * <p>While frames begin where the partition does, one state grows from row to row. What frames that
 * move contain is computed from sums or trees of the partition, where the aggregate allows that
 * ({@link RollingAggregate}); others are aggregated anew, many at a time as groups of one state;
 * equal frames once.
 */
final class WindowAggregate extends WindowFunction {
  /** Positions that are added at once. */
  private static final int CHUNK_ROWS = VectorBatch.DEFAULT_ROWS;

  /** Bounds of the ranges of a frame: at most what is before and behind the peers, and the row. */
  private static final int MAX_BOUNDS = 6;

  private final AggregateSpec spec;
  private final Supplier<AggregateState> states;
  private final Runnable cancellation;
  private final Vector value;
  private final int[] positions = new int[CHUNK_ROWS];
  private final int[] groups = new int[CHUNK_ROWS];
  private final int[] bounds = new int[MAX_BOUNDS];
  private VectorBatch batch = new VectorBatch();
  private @Nullable RollingAggregate rolling;

  /**
   * @param cancellation is run now and then and may throw
   */
  WindowAggregate(
      WindowCall call,
      List<ColumnType> inputTypes,
      EvaluationContext context,
      Runnable cancellation) {
    super(call, cancellation);
    this.spec = Objects.requireNonNull(call.aggregate());
    this.states =
        () ->
            new AggregateState(
                spec, Accumulators.create(spec, inputTypes, List.of(), context), inputTypes);
    this.cancellation = cancellation;
    this.value = Vector.create(call.type(), 1);
  }

  @Override
  void compute(WindowPartition partition) {
    RowBuffer rows = partition.rows();
    batch = new VectorBatch(rows.columns());
    batch.setRowCount(rows.rowCount());
    WindowFrame frame = call.frame();
    boolean grows =
        frame.lower().place() == WindowFrame.Place.UNBOUNDED_PRECEDING
            && frame.exclusion() == WindowFrame.Exclusion.NO_OTHERS;
    if (grows) {
      growing(partition);
      return;
    }
    if (rolling == null) {
      rolling = RollingAggregate.of(spec, batch);
    }
    if (rolling == null) {
      moving(partition);
    } else {
      rolling(partition, rolling);
    }
  }

  private void rolling(WindowPartition partition, RollingAggregate aggregate) {
    aggregate.begin(partition, this::checkCancelled);
    int lastStart = -1;
    int lastEnd = -1;
    boolean excludes = call.frame().exclusion() != WindowFrame.Exclusion.NO_OTHERS;
    for (int place = partition.start(); place < partition.end(); place++) {
      checkCancelled(place);
      int start = partition.frameStart(call, place);
      int end = Math.max(start, partition.frameEnd(call, place));
      if (excludes || start != lastStart || end != lastEnd) {
        int count = ranges(partition, place, start, end);
        value.reset(1);
        aggregate.emit(bounds, count, value);
        lastStart = start;
        lastEnd = end;
      }
      result.copy(value, null, 1, partition.order()[place]);
    }
  }

  /** Puts the bounds of the ranges of a frame, without what is excluded, into {@link #bounds}. */
  private int ranges(WindowPartition partition, int place, int start, int end) {
    int firstOut = end;
    int behindOut = end;
    switch (call.frame().exclusion()) {
      case NO_OTHERS -> {}
      case CURRENT_ROW -> {
        firstOut = place;
        behindOut = place + 1;
      }
      case GROUP, TIES -> {
        firstOut = partition.peerStart(place);
        behindOut = partition.peerEnd(place);
      }
    }
    int count = range(0, start, Math.min(end, firstOut));
    if (call.frame().exclusion() == WindowFrame.Exclusion.TIES && start <= place && place < end) {
      count = range(count, place, place + 1);
    }
    return range(count, Math.max(start, behindOut), end);
  }

  private int range(int count, int start, int end) {
    if (start >= end) {
      return count;
    }
    bounds[count] = start;
    bounds[count + 1] = end;
    return count + 2;
  }

  private void growing(WindowPartition partition) {
    AggregateState state = states.get();
    state.ensureGroups(1);
    int added = partition.start();
    boolean known = false;
    for (int place = partition.start(); place < partition.end(); place++) {
      checkCancelled(place);
      int end = partition.frameEnd(call, place);
      if (end < added) { // an offset of its own for each row
        state = states.get();
        state.ensureGroups(1);
        added = partition.start();
        known = false;
      }
      if (end > added || !known) {
        while (added < end) {
          int count = Math.min(CHUNK_ROWS, end - added);
          System.arraycopy(partition.order(), added, positions, 0, count);
          add(state, count, false, 1);
          added += count;
        }
        value.reset(1);
        state.emit(0, 1, value);
        known = true;
      }
      result.copy(value, null, 1, partition.order()[place]);
    }
  }

  private void moving(WindowPartition partition) {
    int[] groupOf = new int[CHUNK_ROWS];
    int place = partition.start();
    while (place < partition.end()) {
      int first = place;
      AggregateState state = states.get();
      int lastStart = -1;
      int lastEnd = -1;
      int groupCount = 0;
      int pending = 0;
      while (place < partition.end() && place - first < CHUNK_ROWS) {
        checkCancelled(place);
        int start = partition.frameStart(call, place);
        int end = partition.frameEnd(call, place);
        WindowFrame.Exclusion exclusion = call.frame().exclusion();
        boolean same =
            exclusion == WindowFrame.Exclusion.NO_OTHERS && start == lastStart && end == lastEnd;
        if (!same) {
          groupCount++;
          for (int other = start; other < end; other++) {
            checkCancelled(other);
            if (partition.isExcluded(exclusion, place, other)) {
              continue;
            }
            if (pending == CHUNK_ROWS) {
              add(state, pending, true, groupCount);
              pending = 0;
            }
            positions[pending] = partition.order()[other];
            groups[pending++] = groupCount - 1;
          }
          lastStart = start;
          lastEnd = end;
        }
        groupOf[place - first] = groupCount - 1;
        place++;
      }
      add(state, pending, true, groupCount);
      emit(state, partition, first, place, groupOf);
    }
  }

  private void add(AggregateState state, int count, boolean grouped, int groupCount) {
    cancellation.run();
    batch.setSelection(positions, count);
    state.add(batch, grouped ? groups : null, groupCount);
  }

  private void emit(
      AggregateState state, WindowPartition partition, int first, int end, int[] groupOf) {
    int emitted = -1;
    for (int place = first; place < end; place++) {
      int group = groupOf[place - first];
      if (group != emitted) {
        value.reset(1);
        state.emit(group, 1, value);
        emitted = group;
      }
      result.copy(value, null, 1, partition.order()[place]);
    }
  }

  /** Results of strings are copied for each row that has them; nothing else is kept. */
  @Override
  void finish(RowBuffer rows) {
    batch = new VectorBatch();
    rolling = null;
    Arrays.fill(groups, 0);
  }

  @Override
  long sizeInBytes() {
    return super.sizeInBytes() + (rolling == null ? 0 : rolling.sizeInBytes());
  }
}
