package io.ppdb.kv.skiplist;

import java.util.Arrays;
import java.util.Comparator;

/**
 * Links many loose nodes into a {@link Skiplist} at once, sorted first.
 *
 * <p>Each search begins where the last one ended, so it takes steps by the logarithm of the
 * distance, not of the list's length, over nodes that are near in time too: keys in random order
 * cost half of what finding each place from the head does. One thread at a time, and not beside
 * {@link Skiplist#insert}; readers need not wait.
 */
final class BatchLinker {
  private final Skiplist list;
  private final LongArena longs;
  private final Skiplist.Place place = new Skiplist.Place();

  BatchLinker(Skiplist list, LongArena longs) {
    this.list = list;
    this.longs = longs;
  }

  /** Links {@code nodes}, of which the list has no key yet, nor two of them the same one. */
  void link(int[] nodes) {
    for (int node : sorted(nodes)) {
      advance(node);
      insert(node);
    }
  }

  /**
   * The nodes by their keys. What is sorted are numbers: as much of the prefix as leaves room for
   * the node's index; only where that is equal, keys are compared.
   */
  private int[] sorted(int[] nodes) {
    int indexBits = Integer.SIZE - Integer.numberOfLeadingZeros(nodes.length);
    long indexMask = (1L << indexBits) - 1;
    long[] packed = new long[nodes.length];
    for (int i = 0; i < packed.length; i++) {
      packed[i] = (longs.get(nodes[i]) & ~indexMask) | i;
    }
    Arrays.sort(packed);
    int[] result = new int[nodes.length];
    for (int i = 0; i < result.length; i++) {
      result[i] = nodes[(int) (packed[i] & indexMask)];
    }
    for (int start = 0, end; start < result.length; start = end) {
      end = start + 1;
      while (end < result.length && ((packed[start] ^ packed[end]) & ~indexMask) == 0) {
        end++;
      }
      if (end - start > 1) {
        sortByKey(result, start, end);
      }
    }
    return result;
  }

  private void sortByKey(int[] nodes, int start, int end) {
    Integer[] equal = new Integer[end - start];
    Arrays.setAll(equal, i -> nodes[start + i]);
    Comparator<Integer> byKey = list::compareNodes;
    Arrays.sort(equal, byKey);
    for (int i = start; i < end; i++) {
      nodes[i] = equal[i - start];
    }
  }

  /** Moves the place, which is before {@code node}, to where it belongs. */
  private void advance(int node) {
    int top = list.height();
    int level = 0;
    while (level < top && isNextBefore(place.before(level), level, node)) {
      level++;
    }
    // From here up the place is right; below, each level goes on where the one above has ended.
    int before = Skiplist.NONE;
    while (--level >= 0) {
      before = before == Skiplist.NONE ? place.before(level) : before;
      while (isNextBefore(before, level, node)) {
        before = list.next(before, level);
      }
      place.setBefore(level, before);
    }
  }

  private boolean isNextBefore(int before, int level, int node) {
    long link = list.link(before, level);
    int next = (int) link;
    if (next == Skiplist.NONE) {
      return false;
    }
    int order = Integer.compare((int) (link >>> Integer.SIZE), list.prefixHigh(node));
    return order == 0 ? list.compareNodes(next, node) < 0 : order < 0;
  }

  private void insert(int node) {
    int height = list.looseHeight(node);
    for (int level = 0; level < height; level++) {
      int before = place.before(level);
      list.setLink(node, level, list.link(before, level));
    }
    for (int level = 0; level < height; level++) {
      list.setLink(place.before(level), level, list.linkTo(node));
      place.setBefore(level, node);
    }
    list.raiseTo(height);
  }
}
