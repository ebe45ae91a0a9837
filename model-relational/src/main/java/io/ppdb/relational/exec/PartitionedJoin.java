package io.ppdb.relational.exec;

import io.ppdb.relational.spill.BatchFile;
import io.ppdb.relational.spill.TemporaryFiles;
import io.ppdb.relational.vector.Vector;
import io.ppdb.relational.vector.VectorBatch;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * A hash join of sides that do not fit into memory: both are put into temporary files by the hash
 * of their keys, and the parts are joined one after the other. Not thread-safe.
 */
final class PartitionedJoin implements AutoCloseable {
  private final JoinKeys keys;
  private final RowPartitions left;
  private final RowPartitions right;
  private final Operator leftInput;
  private final Operator rightInput;
  private final BiFunction<Operator, Operator, Operator> joinOfParts;
  private final long[] hashes = new long[VectorBatch.MAX_ROWS];
  private int nextPart;
  private @Nullable Operator part;

  /**
   * No rows yet.
   *
   * @param joinOfParts joins parts of the left and the right side
   */
  PartitionedJoin(
      Operator leftInput,
      Operator rightInput,
      JoinKeys keys,
      TemporaryFiles files,
      int level,
      BiFunction<Operator, Operator, Operator> joinOfParts) {
    this.leftInput = leftInput;
    this.rightInput = rightInput;
    this.keys = keys;
    this.left = new RowPartitions(leftInput.types(), files, level);
    this.right = new RowPartitions(rightInput.types(), files, level);
    this.joinOfParts = joinOfParts;
  }

  void addRight(VectorBatch batch) {
    add(batch, keys.ofRight(batch), right);
  }

  void addLeft(VectorBatch batch) {
    add(batch, keys.ofLeft(batch), left);
  }

  private void add(VectorBatch batch, Vector[] keyVectors, RowPartitions side) {
    Hashing.hash(keyVectors, batch.selection(), batch.size(), hashes);
    side.add(batch, hashes);
  }

  /** The next rows of the result, when all rows were added; null if there are no more. */
  @Nullable VectorBatch next(ExecutionContext context) {
    while (true) {
      Operator join = part;
      if (join == null) {
        if (nextPart == RowPartitions.COUNT) {
          return null;
        }
        BatchFile leftRows = left.take(nextPart);
        BatchFile rightRows = right.take(nextPart);
        nextPart++;
        join =
            joinOfParts.apply(
                new BatchFileOperator(leftInput.types(), leftRows),
                new BatchFileOperator(rightInput.types(), rightRows));
        part = join;
        join.open(context);
      }
      VectorBatch batch = join.next();
      if (batch != null) {
        return batch;
      }
      join.close();
      part = null;
    }
  }

  long sizeInBytes() {
    return left.sizeInBytes() + right.sizeInBytes();
  }

  @Override
  public void close() {
    if (part != null) {
      part.close();
      part = null;
    }
    left.close();
    right.close();
  }
}
