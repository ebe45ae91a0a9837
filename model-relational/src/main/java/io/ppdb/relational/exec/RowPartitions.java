package io.ppdb.relational.exec;

import io.ppdb.relational.spill.BatchFile;
import io.ppdb.relational.spill.TemporaryFiles;
import io.ppdb.relational.type.ColumnType;
import io.ppdb.relational.vector.VectorBatch;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Rows in temporary files, by a hash of their keys: rows with equal keys are in the same file. What
 * is still too much is divided again at the next level, by other bits. Not thread-safe.
 */
final class RowPartitions implements AutoCloseable {
  static final int COUNT = 16;

  /** Rows that were divided so often have few keys, if not one: dividing them again is no use. */
  static final int MAX_LEVEL = 5;

  private static final int NUMBER_BITS = Integer.numberOfTrailingZeros(COUNT);
  private static final long LEVEL_FACTOR = 0x9E37_79B9_7F4A_7C15L;

  private final List<ColumnType> types;
  private final TemporaryFiles files;
  private final int level;
  private final @Nullable BatchFile[] partitions = new @Nullable BatchFile[COUNT];
  private final int[] counts = new int[COUNT];
  private int[][] positions = new int[COUNT][0];

  RowPartitions(List<ColumnType> types, TemporaryFiles files, int level) {
    this.types = types;
    this.files = files;
    this.level = level;
  }

  /** Adds the live rows of {@code batch}; {@code hashes[i]} is that of the keys of live row i. */
  void add(VectorBatch batch, long[] hashes) {
    int count = batch.size();
    if (positions[0].length < count) {
      positions = new int[COUNT][Math.max(count, VectorBatch.DEFAULT_ROWS)];
    }
    java.util.Arrays.fill(counts, 0);
    for (int i = 0; i < count; i++) {
      long mixed = Hashing.mix(hashes[i] + (level + 1) * LEVEL_FACTOR);
      int number = (int) (mixed >>> (Long.SIZE - NUMBER_BITS));
      positions[number][counts[number]++] = batch.position(i);
    }
    int[] selection = batch.selection();
    for (int number = 0; number < COUNT; number++) {
      if (counts[number] > 0) {
        batch.setSelection(positions[number], counts[number]);
        file(number).append(batch);
      }
    }
    batch.setSelection(selection, count);
  }

  private BatchFile file(int number) {
    BatchFile file = partitions[number];
    if (file == null) {
      file = files.create(types);
      partitions[number] = file;
    }
    return file;
  }

  /** The rows of one partition, which the caller closes; null if there are none. */
  @Nullable BatchFile take(int number) {
    BatchFile file = partitions[number];
    partitions[number] = null;
    if (file != null) {
      file.rewind();
    }
    return file;
  }

  long sizeInBytes() {
    long bytes = 0;
    for (BatchFile file : partitions) {
      bytes += file == null ? 0 : file.bufferBytes();
    }
    return bytes;
  }

  @Override
  public void close() {
    for (int i = 0; i < COUNT; i++) {
      BatchFile file = partitions[i];
      partitions[i] = null;
      if (file != null) {
        file.close();
      }
    }
  }
}
