package io.ppdb.lsm.compaction;

import io.ppdb.kv.Slice;
import java.util.List;

/**
 * Where the tables that a compaction writes end: between half and one and a half times of their
 * size where a table of the level below begins, so that to move one down later no table there is
 * read for a few of its keys; else at the end of that.
 *
 * <p>If nothing is below, they end at their size. Not thread-safe.
 */
final class TableCuts {
  private final long tableBytes;

  /** First keys of the tables below, ascending. */
  private final List<byte[]> starts;

  /** The first of them that is above all keys asked about. */
  private int next;

  TableCuts(long tableBytes) {
    this(tableBytes, List.of());
  }

  private TableCuts(long tableBytes, List<byte[]> starts) {
    this.tableBytes = tableBytes;
    this.starts = starts;
  }

  /** The same above tables that begin with {@code newStarts}. */
  TableCuts alignedTo(List<byte[]> newStarts) {
    return new TableCuts(tableBytes, newStarts);
  }

  /** Whether a table of {@code sizeInBytes} ends before {@code key}; asked about ascending keys. */
  boolean isBefore(Slice key, long sizeInBytes) {
    boolean begins = false;
    while (next < starts.size() && key.compareTo(starts.get(next)) >= 0) {
      next++;
      begins = true;
    }
    if (begins) {
      return sizeInBytes >= tableBytes / 2;
    }
    // With no other start ahead there is nothing to wait for.
    return sizeInBytes >= (next == starts.size() ? tableBytes : tableBytes + tableBytes / 2);
  }
}
