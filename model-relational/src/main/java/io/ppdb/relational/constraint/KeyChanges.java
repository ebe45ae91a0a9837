package io.ppdb.relational.constraint;

import io.ppdb.relational.catalog.TableDefinition;
import io.ppdb.relational.vector.VectorBatch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a statement has done to a key that others refer to: values that rows had and have no more.
 * Used by one thread.
 */
final class KeyChanges {
  private final int keyNumber;
  private final List<Integer> columns;
  private final List<Change> changes = new ArrayList<>();

  /**
   * Values that a row had.
   *
   * @param newValues what it has now; null if it was deleted
   */
  record Change(Object[] oldValues, @Nullable Object @Nullable [] newValues) {}

  KeyChanges(TableDefinition table, int keyNumber) {
    this.keyNumber = keyNumber;
    this.columns = table.keyColumns(keyNumber);
  }

  int keyNumber() {
    return keyNumber;
  }

  /** All of them; they are forgotten here. */
  List<Change> take() {
    List<Change> taken = List.copyOf(changes);
    changes.clear();
    return taken;
  }

  /** Whether one of {@code changedColumns} belongs to the key. */
  boolean reads(int[] changedColumns) {
    return Arrays.stream(changedColumns).anyMatch(columns::contains);
  }

  void addDeleted(VectorBatch rows) {
    for (int i = 0; i < rows.size(); i++) {
      add(values(rows, rows.position(i)), null);
    }
  }

  void addUpdated(VectorBatch oldRows, VectorBatch newRows) {
    for (int i = 0; i < oldRows.size(); i++) {
      @Nullable Object[] before = values(oldRows, oldRows.position(i));
      @Nullable Object[] after = values(newRows, newRows.position(i));
      if (!Arrays.deepEquals(before, after)) {
        add(before, after);
      }
    }
  }

  /** Adds a change, unless nobody can refer to what was there. */
  private void add(@Nullable Object[] before, @Nullable Object @Nullable [] after) {
    if (Arrays.stream(before).allMatch(Objects::nonNull)) {
      Object[] known = Arrays.stream(before).map(Objects::requireNonNull).toArray();
      changes.add(new Change(known, after));
    }
  }

  private @Nullable Object[] values(VectorBatch rows, int position) {
    @Nullable Object[] values = new @Nullable Object[columns.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = rows.column(columns.get(i)).getObject(position);
    }
    return values;
  }
}
