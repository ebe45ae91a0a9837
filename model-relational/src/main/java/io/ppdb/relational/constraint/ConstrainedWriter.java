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

  ConstrainedWriter(TableWriter writer, RowCheck check) {
    this.writer = writer;
    this.check = check;
  }

  @Override
  public void insert(VectorBatch rows) {
    check.check(rows);
    writer.insert(rows);
  }

  @Override
  public void update(VectorBatch oldRows, VectorBatch newRows, int[] changedColumns) {
    check.check(newRows);
    writer.update(oldRows, newRows, changedColumns);
  }

  @Override
  public void delete(VectorBatch rows) {
    writer.delete(rows);
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
  }

  @Override
  public void close() {
    writer.close();
  }
}
