package io.ppdb.relational.exec;

import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.PpdbException;
import io.ppdb.relational.exec.WindowFrame.Unit;
import io.ppdb.relational.expr.Comparison;
import io.ppdb.relational.vector.LongVector;
import io.ppdb.relational.vector.Vector;
import java.util.Arrays;

/**
 * One partition of a window: rows of a buffer in their order, places counted from {@code start}.
 *
 * <p>Places are indexes of {@code order}, which holds the numbers of the rows.
 *
 * @param peers the first place of each place's group of peers, and at the next index the first one
 *     behind it, by place relative to {@code start}: see {@link #peerStart} and {@link #peerEnd}
 * @param groups the first place of each group of peers
 * @param descending whether the first order key descends
 */
record WindowPartition(
    RowBuffer rows,
    int[] order,
    int start,
    int end,
    int[] peers,
    int[] groups,
    boolean descending) {
  int size() {
    return end - start;
  }

  int peerStart(int place) {
    return peers[2 * (place - start)];
  }

  int peerEnd(int place) {
    return peers[2 * (place - start) + 1];
  }

  /** The first place of the frame of {@code place}, exclusions aside. */
  int frameStart(WindowCall call, int place) {
    WindowFrame frame = call.frame();
    return switch (frame.lower().place()) {
      case UNBOUNDED_PRECEDING -> start;
      case UNBOUNDED_FOLLOWING -> end;
      case CURRENT_ROW -> frame.unit() == Unit.ROWS ? place : peerStart(place);
      case PRECEDING, FOLLOWING ->
          switch (frame.unit()) {
            case ROWS -> moved(frame.lower(), place, 0);
            case GROUPS -> movedGroup(frame.lower(), place, 0);
            case RANGE -> valueBound(call, frame.lower(), place, /* behindEqual= */ false);
          };
    };
  }

  /** The first place behind the frame of {@code place}, exclusions aside. */
  int frameEnd(WindowCall call, int place) {
    WindowFrame frame = call.frame();
    return switch (frame.upper().place()) {
      case UNBOUNDED_PRECEDING -> start;
      case UNBOUNDED_FOLLOWING -> end;
      case CURRENT_ROW -> frame.unit() == Unit.ROWS ? place + 1 : peerEnd(place);
      case PRECEDING, FOLLOWING ->
          switch (frame.unit()) {
            case ROWS -> moved(frame.upper(), place, 1);
            case GROUPS -> movedGroup(frame.upper(), place, 1);
            case RANGE -> valueBound(call, frame.upper(), place, /* behindEqual= */ true);
          };
    };
  }

  private long offset(WindowFrame.Bound bound, int place) {
    Vector offsets = rows.columns()[bound.column()];
    int row = order[place];
    long offset = offsets.isNull(row) ? -1 : ((LongVector) offsets).get(row);
    if (offset < 0) {
      throw new PpdbException(
          ErrorCode.INVALID_ARGUMENT,
          "the offset of a frame must be neither NULL nor negative, seen "
              + offsets.getObject(row));
    }
    return offset;
  }

  /** The first place of the group so many groups away, or of the {@code more}th behind that. */
  private int movedGroup(WindowFrame.Bound bound, int place, int more) {
    long offset = Math.min(offset(bound, place), Integer.MAX_VALUE);
    int group = Arrays.binarySearch(groups, peerStart(place));
    long wanted =
        more + (bound.place() == WindowFrame.Place.PRECEDING ? group - offset : group + offset);
    return wanted < 0 ? start : wanted >= groups.length ? end : groups[(int) wanted];
  }

  private int moved(WindowFrame.Bound bound, int place, int more) {
    long offset = offset(bound, place);
    long wanted =
        bound.place() == WindowFrame.Place.PRECEDING
            ? place - Math.min(offset, Integer.MAX_VALUE) + more
            : place + Math.min(offset, Integer.MAX_VALUE) + more;
    return (int) Math.max(start, Math.min(end, wanted));
  }

  /**
   * The first place whose key is not before the bound's value, or behind it. NULLs have no
   * distance: the frame of a row whose key is NULL is that of its peers.
   */
  private int valueBound(WindowCall call, WindowFrame.Bound bound, int place, boolean behindEqual) {
    Vector keys = rows.columns()[call.keyColumn()];
    Vector bounds = rows.columns()[bound.column()];
    int row = order[place];
    if (keys.isNull(row)) {
      return behindEqual ? peerEnd(place) : peerStart(place);
    }
    if (bounds.isNull(row)) {
      throw new PpdbException(ErrorCode.INVALID_ARGUMENT, "the offset of a frame must not be NULL");
    }
    int low = start;
    int high = end;
    // NULLs stand together at one end: they are left out of the search.
    if (keys.isNull(order[low])) {
      low = peerEnd(low);
    }
    if (keys.isNull(order[high - 1])) {
      high = peerStart(high - 1);
    }
    while (low < high) {
      int middle = (low + high) >>> 1;
      int sign = Comparison.compare(keys, order[middle], bounds, row);
      sign = descending ? -sign : sign;
      if (sign < 0 || (behindEqual && sign == 0)) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /** Whether {@code other}, a place in the frame of {@code place}, is left out of it. */
  boolean isExcluded(WindowFrame.Exclusion exclusion, int place, int other) {
    boolean peer = other >= peerStart(place) && other < peerEnd(place);
    return switch (exclusion) {
      case NO_OTHERS -> false;
      case CURRENT_ROW -> other == place;
      case GROUP -> peer;
      case TIES -> peer && other != place;
    };
  }
}
