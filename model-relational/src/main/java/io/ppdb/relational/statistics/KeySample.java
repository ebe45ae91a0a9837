package io.ppdb.relational.statistics;

import io.ppdb.kv.codec.KeyReader;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Counts how many different beginnings the keys of a range have, by stretches of neighbours: in
 * order, there are as many as there are neighbours that differ, and one more.
 *
 * <p>Beginnings that more keys share than a stretch has are hardly ever seen to change within one;
 * so the first keys of all stretches count too, as a sample of their own.
 */
public final class KeySample {
  /** Changes between neighbours that tell more than the first keys of stretches do. */
  private static final int ENOUGH_CHANGES = 30;

  private final int prefixLength;
  private final long[] changes;
  private final KeyReader reader = new KeyReader();
  private byte[] previous = {};
  private long pairCount;
  private long keyCount;

  // Of the first keys of stretches, by the number of elements: runs of equal ones.
  private final long[] runs;
  private final long[] runsOfOne;
  private final long[] runLengths;
  private byte[] stretchStart = {};
  private long stretchCount;

  /**
   * @param prefixLength bytes that all keys begin with
   * @param columnCount elements behind them that count
   */
  public KeySample(int prefixLength, int columnCount) {
    this.prefixLength = prefixLength;
    this.changes = new long[columnCount];
    this.runs = new long[columnCount];
    this.runsOfOne = new long[columnCount];
    this.runLengths = new long[columnCount];
  }

  /** The next key is no neighbour of the last one, though after it. */
  public void beginStretch() {
    previous = new byte[0];
  }

  public void add(byte[] array, int offset, int length) {
    keyCount++;
    if (previous.length > 0) {
      pairCount++;
      for (int i = sameElements(previous, array, offset, length); i < changes.length; i++) {
        changes[i]++;
      }
    } else {
      addStart(array, offset, length);
    }
    previous = Arrays.copyOfRange(array, offset, offset + length);
  }

  private void addStart(byte[] array, int offset, int length) {
    int same = stretchCount++ == 0 ? 0 : sameElements(stretchStart, array, offset, length);
    for (int i = 0; i < runs.length; i++) {
      if (i < same) {
        runLengths[i]++;
        runsOfOne[i] -= runLengths[i] == 2 ? 1 : 0;
      } else {
        runs[i]++;
        runsOfOne[i]++;
        runLengths[i] = 1;
      }
    }
    stretchStart = Arrays.copyOfRange(array, offset, offset + length);
  }

  /** How many elements behind the prefix a key shares with one before it. */
  private int sameElements(byte[] before, byte[] array, int offset, int length) {
    int mismatch = Arrays.mismatch(before, 0, before.length, array, offset, offset + length);
    if (mismatch < 0) {
      return changes.length;
    }
    reader.reset(array, offset + prefixLength, length - prefixLength);
    int same = 0;
    while (same < changes.length && reader.hasNext()) {
      reader.skip();
      if (length - reader.remaining() > mismatch) {
        break;
      }
      same++;
    }
    return same;
  }

  /** For each number of first columns, how many beginnings {@code entryCount} keys have. */
  public List<Double> distinctCounts(double entryCount) {
    List<Double> counts = new ArrayList<>();
    for (int i = 0; i < changes.length; i++) {
      if (stretchCount <= 1) {
        counts.add(keyCount == 0 ? 0.0 : changes[i] + 1.0);
        continue;
      }
      double byNeighbours = 1 + (double) changes[i] / Math.max(1, pairCount) * (entryCount - 1);
      double byStarts =
          ColumnSample.distinctCount(
              (double) stretchCount, (double) runs[i], (double) runsOfOne[i], entryCount);
      boolean isSeen = changes[i] >= ENOUGH_CHANGES;
      counts.add(Math.min(entryCount, isSeen ? byNeighbours : Math.max(byNeighbours, byStarts)));
    }
    return counts;
  }
}
