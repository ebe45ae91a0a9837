package io.ppdb.relational.exec;

import io.ppdb.relational.vector.VectorBatch;

/** Every left row with every right row. */
final class AllPairs implements CandidatePairs {
  private final int rightCount;
  private int[] selection = {};
  private int leftCount;
  private int leftRow;
  private int rightRow;

  AllPairs(int rightCount) {
    this.rightCount = rightCount;
  }

  @Override
  public void begin(VectorBatch batch) {
    leftCount = batch.size();
    if (selection.length < leftCount) {
      selection = new int[leftCount];
    }
    for (int i = 0; i < leftCount; i++) {
      selection[i] = batch.position(i);
    }
    leftRow = 0;
    rightRow = 0;
  }

  @Override
  public int next(int[] leftPositions, int[] rightRows, int capacity) {
    int count = 0;
    while (count < capacity && leftRow < leftCount) {
      if (rightRow == rightCount) {
        leftRow++;
        rightRow = 0;
        continue;
      }
      leftPositions[count] = selection[leftRow];
      rightRows[count++] = rightRow++;
    }
    return count;
  }

  @Override
  public long sizeInBytes() {
    return 4L * selection.length;
  }
}
