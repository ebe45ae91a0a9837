package io.ppdb.hbase.omid;

import io.ppdb.kv.PpdbException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.apache.hadoop.hbase.Cell;
import org.apache.hadoop.hbase.TableName;
import org.apache.hadoop.hbase.client.Get;
import org.apache.hadoop.hbase.client.Result;
import org.apache.hadoop.hbase.client.Table;
import org.apache.hadoop.hbase.util.Bytes;
import org.apache.omid.transaction.CellUtils;
import org.apache.phoenix.thirdparty.com.google.common.base.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Tells whether a key was written or locked since some version, by the cells of all commits that
 * its row has. In doubt it was.
 */
final class KeyChanges {
  /**
   * None that began so long before a version commits after it: the longest that a view may be used,
   * and as much again for its commit.
   */
  private static final long LONGEST_TRANSACTION =
      2 * OmidView.MAX_AGE_MILLIS * OmidView.TIMESTAMPS_PER_MILLI;

  private final OmidConnection connection;
  private final TableName data;

  KeyChanges(OmidConnection connection, TableName data) {
    this.connection = connection;
    this.data = data;
  }

  /**
   * Whether {@code key} was changed or locked by a commit after {@code since}, up to {@code view};
   * or deleted so long ago that nothing would be left of it.
   */
  boolean isChanged(byte[] key, long since, OmidView view) {
    Result row = cells(List.of(key), since, view.version())[0];
    return row.isEmpty() ? since < connection.lowWatermark() : isAnyAfter(row, since, cell -> true);
  }

  /**
   * The first of {@code keys} that was changed or locked by others after the transaction began that
   * began at {@code start}; null if that is not known of any.
   */
  byte @Nullable [] firstChangedSince(long start, List<byte[]> keys) {
    try {
      Result[] rows = cells(keys, start, Long.MAX_VALUE);
      for (int i = 0; i < rows.length; i++) {
        if (!rows[i].isEmpty()
            && isAnyAfter(rows[i], start, cell -> cell.getTimestamp() != start)) {
          return keys.get(i);
        }
      }
    } catch (PpdbException e) {
      // It is for a message only.
    }
    return null;
  }

  /**
   * All cells by those who began before {@code before}, and may have committed after {@code since}.
   */
  private Result[] cells(List<byte[]> keys, long since, long before) {
    long oldest = Math.max(0, since - LONGEST_TRANSACTION);
    try (Table table = connection.table(data)) {
      List<Get> gets = new ArrayList<>();
      for (byte[] key : keys) {
        gets.add(
            new Get(RowLayout.row(key))
                .addFamily(StoreTables.FAMILY)
                .setTimeRange(oldest, before)
                .readAllVersions());
      }
      return table.get(gets);
    } catch (IOException e) {
      throw OmidConnection.unavailable("cannot read what has changed", e);
    }
  }

  private static boolean isAnyAfter(Result row, long since, Predicate<Cell> counts) {
    for (Map.Entry<Cell, Optional<Cell>> entry :
        CellUtils.mapCellsToShadowCells(row.listCells()).entrySet()) {
      Cell cell = entry.getKey();
      Optional<Cell> shadow = entry.getValue();
      // Without a shadow cell it is under way, or was committed a moment ago.
      if (counts.test(cell)
          && (cell.getTimestamp() > since
              || !shadow.isPresent()
              || commitOf(shadow.get()) > since)) {
        return true;
      }
    }
    return false;
  }

  /** A shadow cell holds the timestamp of the commit. */
  private static long commitOf(Cell shadow) {
    return Bytes.toLong(shadow.getValueArray(), shadow.getValueOffset(), shadow.getValueLength());
  }
}
