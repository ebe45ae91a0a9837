package io.ppdb.hbase.omid;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.hbase.Cell;
import org.apache.hadoop.hbase.TableName;
import org.apache.hadoop.hbase.client.Get;
import org.apache.hadoop.hbase.client.Result;
import org.apache.hadoop.hbase.client.Table;
import org.apache.hadoop.hbase.util.Bytes;
import org.apache.omid.transaction.CellUtils;
import org.apache.phoenix.thirdparty.com.google.common.base.Optional;

/**
 * Tells whether a key was written or locked since some version, by the cells of all commits that
 * its row has. In doubt it was.
 */
final class KeyChanges {
  /** The longest that a transaction may last: none that began earlier commits after a version. */
  static final long MAX_TRANSACTION_MILLIS = 600_000;

  private final OmidConnection connection;
  private final TableName data;

  KeyChanges(OmidConnection connection, TableName data) {
    this.connection = connection;
    this.data = data;
  }

  /**
   * Whether {@code key} was changed or locked by a commit after {@code since}, up to {@code view}.
   */
  boolean isChanged(byte[] key, long since, OmidView view) {
    long oldest = Math.max(0, since - MAX_TRANSACTION_MILLIS * OmidView.TIMESTAMPS_PER_MILLI);
    try (Table table = connection.table(data)) {
      Get get =
          new Get(RowLayout.row(key))
              .addFamily(StoreTables.FAMILY)
              .setTimeRange(oldest, view.version())
              .readAllVersions();
      Result row = table.get(get);
      return !row.isEmpty() && isAnyAfter(row.listCells(), since);
    } catch (IOException e) {
      throw OmidConnection.unavailable("cannot read what has changed", e);
    }
  }

  private static boolean isAnyAfter(List<Cell> cells, long since) throws IOException {
    for (Map.Entry<Cell, Optional<Cell>> entry :
        CellUtils.mapCellsToShadowCells(cells).entrySet()) {
      long start = entry.getKey().getTimestamp();
      Optional<Cell> shadow = entry.getValue();
      // Without a shadow cell it is under way, or was committed a moment ago.
      if (start > since || !shadow.isPresent() || commitOf(shadow.get()) > since) {
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
