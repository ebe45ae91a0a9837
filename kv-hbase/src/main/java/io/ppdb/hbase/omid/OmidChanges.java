package io.ppdb.hbase.omid;

import io.ppdb.kv.ChangeCursor;
import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.PpdbException;
import io.ppdb.kv.engine.OperatorRegistry;
import io.ppdb.kv.sync.LeakDetector;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.apache.hadoop.hbase.Cell;
import org.apache.hadoop.hbase.CompareOperator;
import org.apache.hadoop.hbase.TableName;
import org.apache.hadoop.hbase.client.Get;
import org.apache.hadoop.hbase.client.Result;
import org.apache.hadoop.hbase.client.ResultScanner;
import org.apache.hadoop.hbase.client.Scan;
import org.apache.hadoop.hbase.client.Table;
import org.apache.hadoop.hbase.filter.BinaryComparator;
import org.apache.hadoop.hbase.filter.Filter;
import org.apache.hadoop.hbase.filter.FilterList;
import org.apache.hadoop.hbase.filter.KeyOnlyFilter;
import org.apache.hadoop.hbase.filter.MultiRowRangeFilter;
import org.apache.hadoop.hbase.filter.MultiRowRangeFilter.RowRange;
import org.apache.hadoop.hbase.filter.QualifierFilter;
import org.apache.hadoop.hbase.util.Bytes;
import org.apache.omid.transaction.CellUtils;
import org.jspecify.annotations.Nullable;

/**
 * Commits in the order of their versions, from the change log.
 *
 * <p>It looks at the log through one view after the other. Each time it finds the rows written
 * since it looked last, and again those that it could not see then; what the view sees of them it
 * gives in the order of commits: whatever commits later gets a greater version than the view's.
 * Only the rows are remembered until they are asked for. Not thread-safe.
 */
final class OmidChanges implements ChangeCursor {
  private static final int ROWS_PER_CALL = 1_000;
  private static final byte[] FIRST = CommitLog.column(0);

  /** Where Omid puts the version of a commit, beside what the commit has written. */
  private static final byte[] SHADOW = CellUtils.addShadowCellSuffixPrefix(FIRST, 0, FIRST.length);

  private final LeakDetector.Opening opening = LeakDetector.opened("change cursor");
  private final OmidConnection connection;
  private final TableName table;
  private final OperatorRegistry operators;
  private final Supplier<OmidView> views;
  private final LogRetention retention;

  /** Commits up to this version were given. */
  private long position;

  /** Rows written since then have to be looked at. */
  private long nextMillis;

  /** Rows that were written before, by transactions that had not committed, as far as one knew. */
  private final TreeSet<byte[]> unseen = new TreeSet<>(Arrays::compareUnsigned);

  private final Deque<Map.Entry<Long, byte[]>> ready = new ArrayDeque<>();
  private boolean closed;

  /**
   * A cursor that has looked at nothing.
   *
   * @param views opens a view; fails if the store is closed
   */
  OmidChanges(
      OmidConnection connection,
      TableName table,
      OperatorRegistry operators,
      Supplier<OmidView> views,
      LogRetention retention,
      long position) {
    this.connection = connection;
    this.table = table;
    this.operators = operators;
    this.views = views;
    this.retention = retention;
    this.position = position;
    this.nextMillis = Math.max(0, OmidView.millis(position) - CommitLog.MAX_COMMIT_MILLIS);
  }

  @Override
  public @Nullable Commit poll() {
    if (closed) {
      throw new PpdbException(ErrorCode.CLOSED, "the cursor is closed");
    }
    if (ready.isEmpty()) {
      look(views.get());
    }
    Map.Entry<Long, byte[]> next = ready.poll();
    if (next == null) {
      return null;
    }
    position = next.getKey();
    return read(next.getValue(), position);
  }

  private void look(OmidView view) {
    retention.check(position, view.transaction());
    NavigableMap<Long, byte[]> found = new TreeMap<>();
    SortedSet<byte[]> candidates = new TreeSet<>(unseen); // in the same order
    unseen.clear();
    try (Table rows = connection.table(table);
        ResultScanner scanner = rows.getScanner(scan(nextMillis))) {
      for (Result row = scanner.next(); row != null; row = scanner.next()) {
        candidates.remove(row.getRow());
        take(row, view, found);
      }
      for (byte[] candidate : candidates) {
        take(rows.get(ends(new Get(candidate))), view, found);
      }
    } catch (IOException e) {
      throw OmidConnection.unavailable("cannot read the change log", e);
    }
    nextMillis = OmidView.millis(view.version()) - CommitLog.SLACK_MILLIS;
    found.forEach((version, row) -> ready.add(Map.entry(version, row)));
  }

  /** Puts a row that {@code view} sees, and that is a change, among those that were found. */
  private void take(Result row, OmidView view, NavigableMap<Long, byte[]> found)
      throws IOException {
    if (row.isEmpty()) {
      return; // taken back, or dropped
    }
    byte[] name = row.getRow();
    long version = versionOf(row, view);
    if (version < 0 || version > view.version()) {
      long age = OmidView.millis(view.version()) - CommitLog.writtenMillis(name);
      if (age <= CommitLog.MAX_COMMIT_MILLIS) {
        unseen.add(name);
      }
    } else if (version > position && isChange(row)) {
      found.put(version, name);
    }
  }

  /** The version of the commit that has written {@code row}; -1 if there is none so far. */
  private long versionOf(Result row, OmidView view) throws IOException {
    long shadow = shadowOf(row);
    if (shadow >= 0) {
      return shadow;
    }
    long start = CommitLog.startTimestamp(row.getRow());
    if (start > view.version()) {
      return -1;
    }
    long committed = connection.commitOf(start);
    if (committed >= 0) {
      return committed;
    }
    // It may have been completed in between.
    try (Table rows = connection.table(table)) {
      return shadowOf(rows.get(ends(new Get(row.getRow()))));
    }
  }

  /** The version in Omid's cell beside the first chunk; -1 if it is not there. */
  private static long shadowOf(Result row) {
    byte[] version = row.getValue(StoreTables.FAMILY, SHADOW);
    return version == null ? -1 : Bytes.toLong(version);
  }

  private static boolean isChange(Result row) {
    Cell first = row.getColumnLatestCell(StoreTables.FAMILY, FIRST);
    return first != null && Bytes.toInt(first.getValueArray(), first.getValueOffset()) > 0;
  }

  private static Scan scan(long fromMillis) {
    List<RowRange> ranges = new ArrayList<>(CommitLog.SALTS);
    for (int salt = 0; salt < CommitLog.SALTS; salt++) {
      ranges.add(
          new RowRange(
              CommitLog.firstRow(salt, fromMillis),
              true,
              CommitLog.firstRow(salt, Long.MAX_VALUE),
              false));
    }
    return new Scan()
        .addFamily(StoreTables.FAMILY)
        .setCaching(ROWS_PER_CALL)
        .setFilter(new FilterList(new MultiRowRangeFilter(ranges), lengthAndVersion()));
  }

  private static Get ends(Get get) {
    return get.addFamily(StoreTables.FAMILY).setFilter(lengthAndVersion());
  }

  /** Of the first chunk the length, and Omid's cell beside it. */
  private static Filter lengthAndVersion() {
    return new FilterList(
        FilterList.Operator.MUST_PASS_ONE,
        new QualifierFilter(CompareOperator.EQUAL, new BinaryComparator(SHADOW)),
        new FilterList(
            new QualifierFilter(CompareOperator.EQUAL, new BinaryComparator(FIRST)),
            new KeyOnlyFilter(true)));
  }

  private Commit read(byte[] name, long version) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (Table rows = connection.table(table)) {
      Result row = rows.get(new Get(name).addFamily(StoreTables.FAMILY));
      if (row.isEmpty()) {
        throw tooOld(version);
      }
      for (int chunk = 0; ; chunk++) {
        byte[] value = row.getValue(StoreTables.FAMILY, CommitLog.column(chunk));
        if (value == null) {
          break;
        }
        bytes.write(value);
      }
    } catch (IOException e) {
      throw OmidConnection.unavailable("cannot read the change log", e);
    }
    return CommitBytes.read(bytes.toByteArray(), version, OmidView.millis(version), operators);
  }

  private static PpdbException tooOld(long version) {
    return new PpdbException(
        ErrorCode.SNAPSHOT_TOO_OLD,
        "the change log has no commit " + version + " any more: the cursor is too far behind");
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      opening.closed();
      ready.clear();
      unseen.clear();
    }
  }
}
