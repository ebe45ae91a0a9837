package io.ppdb.relational.exec;

import io.ppdb.relational.expr.EvaluationContext;
import io.ppdb.relational.type.ColumnType;
import io.ppdb.relational.vector.Vector;
import io.ppdb.relational.vector.VectorBatch;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;

/**
 * An aggregate over the frame of each row.
 *
 * <p>While frames begin where the partition does, one state grows from row to row. Frames that move
 * are aggregated anew, many at a time as groups of one state; equal frames once.
 */
final class WindowAggregate extends WindowFunction {
  /** Positions that are added at once. */
  private static final int CHUNK_ROWS = VectorBatch.DEFAULT_ROWS;

  private final Supplier<AggregateState> states;
  private final Runnable cancellation;
  private final Vector value;
  private final int[] positions = new int[CHUNK_ROWS];
  private final int[] groups = new int[CHUNK_ROWS];
  private VectorBatch batch = new VectorBatch();

  /**
   * @param cancellation is run before each piece of work
   */
  WindowAggregate(
      WindowCall call,
      List<ColumnType> inputTypes,
      EvaluationContext context,
      Runnable cancellation) {
    super(call);
    AggregateSpec spec = Objects.requireNonNull(call.aggregate());
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
    } else {
      moving(partition);
    }
  }

  private void growing(WindowPartition partition) {
    AggregateState state = states.get();
    state.ensureGroups(1);
    int added = partition.start();
    boolean known = false;
    for (int place = partition.start(); place < partition.end(); place++) {
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
        int start = partition.frameStart(call, place);
        int end = partition.frameEnd(call, place);
        WindowFrame.Exclusion exclusion = call.frame().exclusion();
        boolean same =
            exclusion == WindowFrame.Exclusion.NO_OTHERS && start == lastStart && end == lastEnd;
        if (!same) {
          groupCount++;
          for (int other = start; other < end; other++) {
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
    Arrays.fill(groups, 0);
  }
}
