package io.ppdb.relational.exec;

import io.ppdb.relational.type.ColumnType;
import io.ppdb.relational.vector.IntVector;
import io.ppdb.relational.vector.Vector;
import io.ppdb.relational.vector.VectorBatch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An aggregate over rows in a given order: keeps the rows and hands them on, group by group, before
 * the first result. What is added after that is handed on after it.
 */
final class OrderedAccumulator implements Accumulator {
  private final Accumulator inner;
  private final List<ColumnType> types;
  private final List<SortKey> keys = new ArrayList<>();
  private final Runnable checkCancelled;
  private RowBuffer rows;
  private int groupCount;

  /**
   * @param types the types of the arguments, those that only sort among them
   * @param order by arguments
   * @param checkCancelled is run now and then while rows are sorted and handed on, and may throw
   */
  OrderedAccumulator(
      Accumulator inner, List<ColumnType> types, List<SortKey> order, Runnable checkCancelled) {
    this.inner = inner;
    this.checkCancelled = checkCancelled;
    this.types = new ArrayList<>(types);
    this.types.add(ColumnType.INTEGER);
    this.keys.add(new SortKey(types.size(), false, false));
    this.keys.addAll(order);
    this.rows = new RowBuffer(this.types);
  }

  @Override
  public boolean wantsNulls() {
    return inner.wantsNulls();
  }

  @Override
  public void ensureGroups(int count) {
    groupCount = Math.max(groupCount, count);
    inner.ensureGroups(count);
  }

  @Override
  public void add(
      Vector[] arguments, int @Nullable [] selection, int count, int @Nullable [] groups) {
    if (count == 0) {
      return;
    }
    int last = 0;
    for (int i = 0; i < count; i++) {
      last = Math.max(last, selection == null ? i : selection[i]);
    }
    IntVector group = new IntVector(ColumnType.INTEGER, last + 1);
    for (int i = 0; i < count; i++) {
      group.set(selection == null ? i : selection[i], groups == null ? 0 : groups[i]);
    }
    Vector[] columns = Arrays.copyOf(arguments, arguments.length + 1);
    columns[arguments.length] = group;
    VectorBatch batch = new VectorBatch(columns);
    batch.setRowCount(last + 1);
    if (selection != null) {
      batch.setSelection(selection, count);
    }
    rows.append(batch);
  }

  private void handOn() {
    int[] order = new RowSorter(rows, keys, checkCancelled).sort();
    Vector[] arguments = Arrays.copyOf(rows.columns(), types.size() - 1);
    IntVector group = (IntVector) rows.columns()[types.size() - 1];
    int[] positions = new int[VectorBatch.DEFAULT_ROWS];
    int[] groups = new int[VectorBatch.DEFAULT_ROWS];
    for (int start = 0; start < order.length; start += positions.length) {
      checkCancelled.run();
      int count = Math.min(positions.length, order.length - start);
      for (int i = 0; i < count; i++) {
        positions[i] = order[start + i];
        groups[i] = group.get(positions[i]);
      }
      inner.add(arguments, positions, count, groups);
    }
    rows = new RowBuffer(types);
  }

  @Override
  public void emit(int first, int count, Vector result) {
    if (rows.rowCount() > 0) {
      inner.ensureGroups(groupCount);
      handOn();
    }
    inner.emit(first, count, result);
  }

  @Override
  public long sizeInBytes() {
    return inner.sizeInBytes() + 2 * rows.sizeInBytes();
  }
}
