package io.ppdb.relational.exec;

import io.ppdb.relational.spill.BatchFile;
import io.ppdb.relational.type.ColumnType;
import io.ppdb.relational.vector.VectorBatch;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The rows of a temporary file, which is closed with it. */
final class BatchFileOperator extends Operator {
  private final @Nullable BatchFile file;
  private final VectorBatch batch;

  /**
   * Reads {@code file}, which was rewound.
   *
   * @param file null if there are no rows
   */
  BatchFileOperator(List<ColumnType> types, @Nullable BatchFile file) {
    super(types);
    this.file = file;
    this.batch = VectorBatch.create(types, 0);
  }

  @Override
  protected void openOperator(ExecutionContext context) {}

  @Override
  protected @Nullable VectorBatch nextBatch() {
    return file != null && file.read(batch) ? batch : null;
  }

  @Override
  public void close() {
    if (file != null) {
      file.close();
    }
  }
}
