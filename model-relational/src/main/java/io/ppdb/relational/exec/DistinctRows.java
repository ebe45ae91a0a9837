package io.ppdb.relational.exec;

import io.ppdb.relational.type.ColumnType;
import io.ppdb.relational.vector.Vector;
import io.ppdb.relational.vector.VectorBatch;
import java.util.List;

/** Tells rows whose key was not seen before. Used by one thread. */
public final class DistinctRows implements AutoCloseable {
  private final List<Integer> keyColumns;
  private final GroupIndex keys;
  private final MemoryAccount memory;
  private int[] groups = {};

  /**
   * Nothing seen yet.
   *
   * @param keyColumns the columns of a row that are its key
   * @param types the types of all its columns
   */
  public DistinctRows(List<Integer> keyColumns, List<ColumnType> types, ExecutionContext context) {
    this.keyColumns = keyColumns;
    this.keys = new GroupIndex(keyColumns.stream().map(types::get).toList());
    this.memory = new MemoryAccount(context.memory(), "rows written");
  }

  /**
   * Of the live rows of {@code batch}, leaves those live that are the first ones with their key.
   */
  public void keepFirst(VectorBatch batch) {
    VectorBatch key =
        new VectorBatch(keyColumns.stream().map(batch::column).toArray(Vector[]::new));
    key.setRowCount(batch.rowCount());
    key.setSelection(batch.selection(), batch.size());
    if (groups.length < batch.size()) {
      groups = new int[batch.size()];
    }
    int next = keys.groupCount();
    keys.assign(key, groups);
    int[] kept = new int[batch.size()];
    int count = 0;
    for (int i = 0; i < batch.size(); i++) {
      if (groups[i] == next) { // groups are numbered in the order they first appear
        kept[count++] = batch.position(i);
        next++;
      }
    }
    batch.setSelection(kept, count);
    memory.resize(keys.sizeInBytes());
  }

  @Override
  public void close() {
    memory.release();
  }
}
