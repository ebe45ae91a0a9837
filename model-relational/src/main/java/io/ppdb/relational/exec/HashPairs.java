package io.ppdb.relational.exec;

import io.ppdb.relational.expr.Comparison;
import io.ppdb.relational.vector.IntVector;
import io.ppdb.relational.vector.LongVector;
import io.ppdb.relational.vector.Vector;
import io.ppdb.relational.vector.VectorBatch;

/**
 * Left and right rows with equal keys, by a chained hash table over the right keys.
 *
 * <p>A single int or long key is compared as a long; other keys by hash, then column by column.
 * Rows with a NULL in a key match nothing, unless that key is null-safe (IS NOT DISTINCT FROM).
 */
final class HashPairs implements CandidatePairs {
  private final Vector[] rightKeys;
  private final KeySource leftKeys;
  private final boolean[] nullSafe;
  private final boolean byValue; // hashes hold the key itself

  /** First right row + 1 of each bucket, then the next one of each row, 0 at the end. */
  private final int[] buckets;

  private final int[] nextRows;
  private final long[] rightHashes;

  private Vector[] leftColumns = {};
  private long[] leftHashes = {};
  private int[] leftPositions = {};
  private int leftCount;
  private int leftRow;
  private int candidate; // right row + 1 to look at next for leftRow

  /** Computes the key columns of a left batch. */
  @FunctionalInterface
  interface KeySource {
    Vector[] keys(VectorBatch batch);
  }

  HashPairs(Vector[] rightKeys, int rightCount, KeySource leftKeys, boolean[] nullSafe) {
    this.rightKeys = rightKeys;
    this.leftKeys = leftKeys;
    this.nullSafe = nullSafe;
    this.byValue =
        rightKeys.length == 1
            && !nullSafe[0]
            && (rightKeys[0] instanceof IntVector || rightKeys[0] instanceof LongVector);
    this.rightHashes = new long[rightCount];
    this.nextRows = new int[rightCount];
    this.buckets = new int[Math.max(16, Integer.highestOneBit(Math.max(rightCount, 1)) << 1)];
    hash(rightKeys, null, rightCount, rightHashes);
    int mask = buckets.length - 1;
    // Backwards, so that each chain lists its rows in ascending order.
    for (int row = rightCount - 1; row >= 0; row--) {
      if (!hasExcludingNull(rightKeys, row)) {
        int bucket = (int) spread(rightHashes[row]) & mask;
        nextRows[row] = buckets[bucket];
        buckets[bucket] = row + 1;
      }
    }
  }

  private void hash(
      Vector[] keys, int @org.jspecify.annotations.Nullable [] selection, int count, long[] out) {
    if (!byValue) {
      Hashing.hash(keys, selection, count, out);
    } else if (keys[0] instanceof IntVector ints) {
      int[] values = ints.values();
      for (int i = 0; i < count; i++) {
        out[i] = values[selection == null ? i : selection[i]];
      }
    } else {
      long[] values = ((LongVector) keys[0]).values();
      for (int i = 0; i < count; i++) {
        out[i] = values[selection == null ? i : selection[i]];
      }
    }
  }

  private long spread(long hash) {
    return byValue ? Hashing.mix(hash) : hash;
  }

  private boolean hasExcludingNull(Vector[] keys, int position) {
    for (int i = 0; i < keys.length; i++) {
      if (!nullSafe[i] && keys[i].isNull(position)) {
        return true;
      }
    }
    return false;
  }

  @Override
  public void begin(VectorBatch batch) {
    leftColumns = leftKeys.keys(batch);
    leftCount = batch.size();
    if (leftHashes.length < leftCount) {
      leftHashes = new long[Math.max(leftCount, 2 * leftHashes.length)];
      leftPositions = new int[leftHashes.length];
    }
    hash(leftColumns, batch.selection(), leftCount, leftHashes);
    for (int i = 0; i < leftCount; i++) {
      leftPositions[i] = batch.position(i);
    }
    leftRow = -1;
    candidate = 0;
  }

  @Override
  public int next(int[] leftOutput, int[] rightOutput, int capacity) {
    int count = 0;
    int mask = buckets.length - 1;
    while (count < capacity) {
      if (candidate == 0) {
        if (++leftRow >= leftCount) {
          leftRow = leftCount;
          return count;
        }
        if (!hasExcludingNull(leftColumns, leftPositions[leftRow])) {
          candidate = buckets[(int) spread(leftHashes[leftRow]) & mask];
        }
        continue;
      }
      int row = candidate - 1;
      candidate = nextRows[row];
      if (rightHashes[row] == leftHashes[leftRow]
          && (byValue || equalKeys(leftPositions[leftRow], row))) {
        leftOutput[count] = leftPositions[leftRow];
        rightOutput[count++] = row;
      }
    }
    return count;
  }

  private boolean equalKeys(int leftPosition, int rightRow) {
    for (int i = 0; i < rightKeys.length; i++) {
      boolean leftNull = leftColumns[i].isNull(leftPosition);
      if (leftNull != rightKeys[i].isNull(rightRow)
          || (!leftNull
              && Comparison.compare(leftColumns[i], leftPosition, rightKeys[i], rightRow) != 0)) {
        return false;
      }
    }
    return true;
  }

  @Override
  public long sizeInBytes() {
    return 4L * buckets.length + 12L * rightHashes.length;
  }
}
