package io.ppdb.timeseries;

/** Sorts rows by time without boxing: a stable merge sort of positions. */
final class TimeOrder {
  private TimeOrder() {}

  /** The positions {@code 0..count} in ascending order of their times, equal ones as they were. */
  static int[] sort(long[] times, int count) {
    int[] order = new int[count];
    boolean sorted = true;
    for (int i = 0; i < count; i++) {
      order[i] = i;
      sorted &= i == 0 || times[i - 1] <= times[i];
    }
    if (sorted) {
      return order;
    }
    int[] other = new int[count];
    for (int width = 1; width < count; width *= 2) {
      for (int start = 0; start < count; start += 2 * width) {
        int middle = Math.min(start + width, count);
        merge(times, order, start, middle, Math.min(middle + width, count), other);
      }
      int[] swapped = order;
      order = other;
      other = swapped;
    }
    return order;
  }

  private static void merge(
      long[] times, int[] from, int start, int middle, int end, int[] target) {
    int left = start;
    int right = middle;
    for (int i = start; i < end; i++) {
      boolean takeLeft = right == end || (left < middle && times[from[left]] <= times[from[right]]);
      target[i] = takeLeft ? from[left++] : from[right++];
    }
  }
}
