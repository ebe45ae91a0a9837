package io.ppdb.relational.exec;

import io.ppdb.relational.type.ColumnType;
import io.ppdb.relational.vector.VectorBatch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Window functions of one partitioning and order: the columns of the input, then a column for each
 * call. All rows are kept in memory and come out sorted by partition and order.
 */
public final class WindowOperator extends Operator {
  /** Rows that are compared before anybody looks whether the statement is wanted any more. */
  private static final int PLACES_PER_CHECK = 1 << 12;

  private final Operator input;
  private final int partitionKeyCount;
  private final List<SortKey> keys;
  private final boolean sorted;
  private final List<WindowCall> calls;
  private final List<WindowFunction> functions = new ArrayList<>();
  private @Nullable RowBuffer rows;
  private @Nullable MemoryAccount memory;
  private @Nullable VectorBatch output;
  private int[] order = {};
  private int nextPlace;

  /**
   * @param keys what partitions are told apart by, then the order within them
   * @param partitionKeyCount how many of the keys tell partitions apart
   * @param sorted whether the input comes in the order of the keys
   */
  public WindowOperator(
      Operator input,
      List<SortKey> keys,
      int partitionKeyCount,
      boolean sorted,
      List<WindowCall> calls) {
    super(outputTypes(input, calls));
    this.input = input;
    this.keys = List.copyOf(keys);
    this.partitionKeyCount = partitionKeyCount;
    this.sorted = sorted;
    this.calls = List.copyOf(calls);
  }

  private static List<ColumnType> outputTypes(Operator input, List<WindowCall> calls) {
    List<ColumnType> types = new ArrayList<>(input.types());
    calls.forEach(call -> types.add(call.type()));
    return types;
  }

  @Override
  protected void openOperator(ExecutionContext context) {
    rows = null;
    nextPlace = 0;
    memory = new MemoryAccount(context.memory(), "window");
    functions.clear();
    for (WindowCall call : calls) {
      functions.add(
          call.function() == WindowCall.Function.AGGREGATE
              ? new WindowAggregate(
                  call, input.types(), context.evaluation(), context::checkCancelled)
              : WindowFunction.of(call, context::checkCancelled));
    }
    input.open(context);
  }

  @Override
  protected @Nullable VectorBatch nextBatch() {
    RowBuffer buffer = rows;
    if (buffer == null) {
      buffer = consume();
      rows = buffer;
      compute(buffer);
      output = VectorBatch.create(types(), context().batchRows());
    }
    VectorBatch batch = output;
    int count = Math.min(buffer.rowCount() - nextPlace, context().batchRows());
    if (count <= 0 || batch == null) {
      return null;
    }
    int[] positions = new int[count];
    System.arraycopy(order, nextPlace, positions, 0, count);
    batch.reset(count);
    buffer.gather(positions, count, batch, 0);
    for (int i = 0; i < functions.size(); i++) {
      batch.column(input.types().size() + i).copy(functions.get(i).result, positions, count, 0);
    }
    batch.setRowCount(count);
    nextPlace += count;
    return batch;
  }

  private RowBuffer consume() {
    RowBuffer buffer = new RowBuffer(input.types());
    VectorBatch batch;
    while ((batch = input.next()) != null) {
      buffer.append(batch);
      account(buffer);
    }
    input.close();
    return buffer;
  }

  private void account(RowBuffer buffer) {
    if (memory == null) {
      return;
    }
    long bytes = buffer.sizeInBytes() + 20L * buffer.rowCount();
    for (WindowFunction function : functions) {
      bytes += function.sizeInBytes();
    }
    memory.resize(bytes);
  }

  private void compute(RowBuffer buffer) {
    RowSorter sorter = new RowSorter(buffer, keys, context()::checkCancelled);
    order = sorted ? sorter.unsorted() : sorter.sort();
    for (WindowFunction function : functions) {
      context().checkCancelled();
      function.begin(buffer.rowCount());
    }
    account(buffer);
    boolean descending =
        keys.size() > partitionKeyCount && keys.get(partitionKeyCount).descending();
    int start = 0;
    while (start < order.length) {
      context().checkCancelled();
      int end = start + 1;
      while (end < order.length
          && sorter.areEqual(order[start], order[end], 0, partitionKeyCount)) {
        checkCancelled(end++);
      }
      int[] peers = peers(sorter, start, end);
      WindowPartition partition =
          new WindowPartition(buffer, order, start, end, peers, groups(peers, start), descending);
      for (WindowFunction function : functions) {
        context().checkCancelled();
        function.compute(partition);
      }
      account(buffer);
      start = end;
    }
    for (WindowFunction function : functions) {
      context().checkCancelled();
      function.finish(buffer);
    }
    account(buffer);
  }

  private void checkCancelled(int place) {
    if (place % PLACES_PER_CHECK == 0) {
      context().checkCancelled();
    }
  }

  /** For each place of a partition the bounds of its peers: rows equal in the order. */
  private int[] peers(RowSorter sorter, int start, int end) {
    int[] peers = new int[2 * (end - start)];
    int first = start;
    for (int place = start + 1; place <= end; place++) {
      checkCancelled(place);
      boolean last =
          place == end
              || !sorter.areEqual(order[first], order[place], partitionKeyCount, keys.size());
      if (last) {
        for (int peer = first; peer < place; peer++) {
          peers[2 * (peer - start)] = first;
          peers[2 * (peer - start) + 1] = place;
        }
        first = place;
      }
    }
    return peers;
  }

  /** The first place of each group of peers. */
  private static int[] groups(int[] peers, int start) {
    int[] groups = new int[peers.length / 2];
    int count = 0;
    for (int place = start;
        place < start + peers.length / 2;
        place = peers[2 * (place - start) + 1]) {
      groups[count++] = place;
    }
    return Arrays.copyOf(groups, count);
  }

  @Override
  public void close() {
    input.close();
    rows = new RowBuffer(types());
    functions.clear();
    order = new int[0];
    if (memory != null) {
      memory.release();
    }
  }
}
