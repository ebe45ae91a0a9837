package io.ppdb.relational.constraint;

import io.ppdb.relational.exec.BatchSource;
import io.ppdb.relational.spi.TableWriter;
import io.ppdb.relational.vector.VectorBatch;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes rows that meet the constraints of their table. Used by one thread. */
final class ConstrainedWriter implements TableWriter {
  private final TableWriter writer;
  private final RowCheck check;
  private final List<ForeignKeyCheck> foreignKeys;
  private final List<KeyChanges> references;
  private final ReferentialActions actions;

  /**
   * A writer before {@code writer}.
   *
   * @param references what becomes of the keys that others refer to
   * @param actions what is done about it
   */
  ConstrainedWriter(
      TableWriter writer,
      RowCheck check,
      List<ForeignKeyCheck> foreignKeys,
      List<KeyChanges> references,
      ReferentialActions actions) {
    this.writer = writer;
    this.check = check;
    this.foreignKeys = foreignKeys;
    this.references = references;
    this.actions = actions;
  }

  @Override
  public void insert(VectorBatch rows) {
    check.check(rows);
    writer.insert(rows);
    for (ForeignKeyCheck key : foreignKeys) {
      key.add(rows);
    }
  }

  @Override
  public void update(VectorBatch oldRows, VectorBatch newRows, int[] changedColumns) {
    check.check(newRows);
    writer.update(oldRows, newRows, changedColumns);
    for (ForeignKeyCheck key : foreignKeys) {
      if (key.reads(changedColumns)) {
        key.add(newRows);
      }
    }
    for (KeyChanges changes : references) {
      if (changes.reads(changedColumns)) {
        changes.addUpdated(oldRows, newRows);
      }
    }
  }

  @Override
  public void delete(VectorBatch rows) {
    writer.delete(rows);
    for (KeyChanges changes : references) {
      changes.addDeleted(rows);
    }
  }

  /** A row that fails a check is an error even if its key is taken. */
  @Override
  public byte @Nullable [] conflictingRow(VectorBatch rows, int position, int[] uniqueKeys) {
    check.check(rows, new int[] {position}, 1);
    return writer.conflictingRow(rows, position, uniqueKeys);
  }

  @Override
  public BatchSource rows(List<byte[]> keys) {
    return writer.rows(keys);
  }

  @Override
  public void finish() {
    writer.finish();
    for (KeyChanges changes : references) {
      actions.add(changes);
    }
    actions.run();
  }

  @Override
  public void close() {
    writer.close();
  }
}
