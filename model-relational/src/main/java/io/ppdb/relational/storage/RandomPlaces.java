package io.ppdb.relational.storage;

import io.ppdb.kv.Cursor;
import io.ppdb.kv.KeyRange;
import io.ppdb.kv.KeyValueStore;
import io.ppdb.kv.ReadView;
import io.ppdb.kv.ScanOptions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * Places in a range of keys, drawn so that each stretch of it gets about as many as it has entries:
 * the range is halved, by bytes, and counted by estimates, until the parts are small. Used by one
 * thread.
 */
final class RandomPlaces {
  /** Parts with fewer entries than this share of all are not divided. */
  private static final double SMALL_SHARE = 1.0 / 64;

  private static final int MAX_DEPTH = 40;
  private static final int DIGITS = 7;

  private final KeyValueStore store;
  private final SplittableRandom random;
  private final Runnable pause;
  private final double smallCount;
  private final List<byte[]> places = new ArrayList<>();

  private RandomPlaces(
      KeyValueStore store, SplittableRandom random, Runnable pause, double entryCount) {
    this.store = store;
    this.random = random;
    this.pause = pause;
    this.smallCount = entryCount * SMALL_SHARE;
  }

  /**
   * Draws places, in ascending order.
   *
   * @param entryCount how many entries {@code range} has, about
   * @param pause is run now and then
   */
  static List<byte[]> draw(
      KeyValueStore store,
      ReadView view,
      KeyRange range,
      double entryCount,
      int count,
      SplittableRandom random,
      Runnable pause) {
    byte[] first = end(view, range, ScanOptions.ASCENDING);
    byte[] last = end(view, range, ScanOptions.DESCENDING);
    if (first == null || last == null) {
      return List.of();
    }
    RandomPlaces drawn = new RandomPlaces(store, random, pause, entryCount);
    drawn.divide(first, last, entryCount, count, 0);
    return drawn.places;
  }

  private static byte @Nullable [] end(ReadView view, KeyRange range, ScanOptions direction) {
    try (Cursor cursor = view.scan(range, direction.withKeysOnly(true).withMaxEntries(1))) {
      return cursor.next() ? cursor.key().toByteArray() : null;
    }
  }

  private void divide(byte[] low, byte[] high, double entryCount, int count, int depth) {
    pause.run();
    byte[] middle = between(low, high, 0.5);
    if (count == 0) {
      return;
    }
    if (entryCount <= smallCount
        || depth == MAX_DEPTH
        || Arrays.compareUnsigned(middle, low) <= 0
        || Arrays.compareUnsigned(middle, high) >= 0) {
      drawWithin(low, high, count);
      return;
    }
    double lower = store.statistics(KeyRange.of(low, middle)).entryCount();
    double share = Math.min(1, Math.max(0, lower / Math.max(1, entryCount)));
    double wanted = count * share;
    int below = (int) wanted + (random.nextDouble() < wanted - (int) wanted ? 1 : 0);
    divide(low, middle, entryCount * share, below, depth + 1);
    divide(middle, high, entryCount * (1 - share), count - below, depth + 1);
  }

  private void drawWithin(byte[] low, byte[] high, int count) {
    double[] positions = new double[count];
    for (int i = 0; i < count; i++) {
      positions[i] = random.nextDouble();
    }
    Arrays.sort(positions);
    for (double position : positions) {
      places.add(between(low, high, position));
    }
  }

  /** The key at {@code position}, from 0 to 1, between two others, by their bytes. */
  private static byte[] between(byte[] low, byte[] high, double position) {
    int shared = Arrays.mismatch(low, high);
    if (shared < 0) {
      return low;
    }
    long from = digits(low, shared);
    long width = digits(high, shared) - from;
    long digits = from + (long) (width * position);
    byte[] key = Arrays.copyOf(low, shared + DIGITS);
    for (int i = 0; i < DIGITS; i++) {
      key[shared + i] = (byte) (digits >>> (8 * (DIGITS - 1 - i)));
    }
    return key;
  }

  private static long digits(byte[] key, int start) {
    long number = 0;
    for (int i = start; i < start + DIGITS; i++) {
      number = number << 8 | (i < key.length ? key[i] & 0xFF : 0);
    }
    return number;
  }
}
