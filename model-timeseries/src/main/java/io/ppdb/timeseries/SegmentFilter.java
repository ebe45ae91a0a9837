package io.ppdb.timeseries;

import io.ppdb.timeseries.segment.Dictionary;
import io.ppdb.timeseries.segment.Segment;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds the rows of a segment that a scan wants, from its header, the designated timestamp and the
 * tag dictionaries; other columns are not looked at.
 *
 * <p>Serves one scan. Not thread-safe.
 */
final class SegmentFilter {
  private final TimeRange times;
  private final List<TagCondition> conditions;

  private int from;
  private int count;
  private int @Nullable [] rows;

  SegmentFilter(TimeRange times, List<TagCondition> conditions) {
    this.times = times;
    this.conditions = conditions;
  }

  /**
   * Looks at {@code segment}; the answer is in {@link #from}, {@link #count} and {@link #rows}.
   *
   * @return whether there are rows
   */
  boolean apply(Segment segment) {
    rows = null;
    if (segment.greatestTime() < times.first() || segment.leastTime() > times.last()) {
      return false;
    }
    from = times.contains(segment.leastTime()) ? 0 : segment.firstRowFrom(times.first());
    int to =
        times.contains(segment.greatestTime())
            ? segment.rowCount()
            : segment.firstRowFrom(times.last() + 1);
    count = to - from;
    for (TagCondition condition : conditions) {
      if (count <= 0 || !narrow(segment, condition)) {
        return false;
      }
    }
    return count > 0;
  }

  /** Where the wanted rows begin: a row number, or an index into {@link #rows} if there are. */
  int from() {
    return from;
  }

  int count() {
    return count;
  }

  /** The wanted rows, ascending, or null if they are all from {@link #from} on. */
  int @Nullable [] rows() {
    return rows;
  }

  private boolean narrow(Segment segment, TagCondition condition) {
    Dictionary dictionary = segment.dictionary(condition.column());
    boolean[] matches = condition.matches(dictionary);
    if (matches == null) {
      return false;
    }
    if (dictionary == null || holdsForAll(dictionary, matches, condition)) {
      return true;
    }
    int[] before = rows;
    int[] kept = new int[count];
    int keptCount = 0;
    for (int i = from; i < from + count; i++) {
      int row = before == null ? i : before[i];
      int code = dictionary.codeAt(row);
      kept[keptCount] = row;
      keptCount += (code < 0 ? condition.holdsForNull() : matches[code]) ? 1 : 0;
    }
    rows = kept;
    from = 0;
    count = keptCount;
    return true;
  }

  private static boolean holdsForAll(
      Dictionary dictionary, boolean[] matches, TagCondition condition) {
    if (dictionary.hasNulls() && !condition.holdsForNull()) {
      return false;
    }
    for (boolean match : matches) {
      if (!match) {
        return false;
      }
    }
    return true;
  }
}
