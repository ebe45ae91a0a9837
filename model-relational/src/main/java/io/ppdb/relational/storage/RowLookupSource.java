package io.ppdb.relational.storage;

import io.ppdb.kv.Cursor;
import io.ppdb.kv.KeyRange;
import io.ppdb.kv.ReadView;
import io.ppdb.kv.ScanOptions;
import io.ppdb.relational.exec.BatchSource;
import io.ppdb.relational.vector.VectorBatch;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads the entries of ranges of an index and, a batch at a time, the rows they point to. */
final class RowLookupSource implements BatchSource {
  private final ReadView view;
  private final RowDecoder decoder;
  private final byte[] rowsPrefix;
  private final ScanOptions options;
  private final Iterator<KeyRange> ranges;
  private final boolean withColumns;
  private @Nullable Cursor cursor;

  /**
   * @param withColumns whether the index includes columns
   */
  RowLookupSource(
      ReadView view,
      RowDecoder decoder,
      byte[] rowsPrefix,
      List<KeyRange> ranges,
      boolean descending,
      boolean withColumns) {
    this.view = view;
    this.decoder = decoder;
    this.rowsPrefix = rowsPrefix;
    this.options = descending ? ScanOptions.DESCENDING : ScanOptions.ASCENDING;
    this.ranges = ranges.iterator();
    this.withColumns = withColumns;
  }

  @Override
  public boolean fill(VectorBatch batch, int rowCount) {
    List<byte[]> keys = new ArrayList<>();
    boolean more = true;
    while (more && keys.size() < rowCount) {
      more = readEntries(keys, rowCount);
    }
    decodeRows(batch, keys);
    return more;
  }

  /** Collects row keys from the current range; false after the last range. */
  private boolean readEntries(List<byte[]> keys, int rowCount) {
    Cursor current = cursor;
    if (current == null) {
      if (!ranges.hasNext()) {
        return false;
      }
      current = view.scan(ranges.next(), options);
      cursor = current;
    }
    while (keys.size() < rowCount) {
      if (!current.next()) {
        current.close();
        cursor = null;
        return true;
      }
      keys.add(IndexValue.rowKey(rowsPrefix, current.value(), withColumns));
    }
    return true;
  }

  private void decodeRows(VectorBatch batch, List<byte[]> keys) {
    List<byte @Nullable []> rows = view.getAll(keys);
    for (int i = 0; i < keys.size(); i++) {
      byte[] key = keys.get(i);
      byte[] row = rows.get(i);
      if (row == null) {
        throw TableKeys.missingRow(key);
      }
      decoder.decodeKey(batch, i, key, 0, key.length);
      decoder.decodeValue(batch, i, row, 0, row.length);
    }
    batch.setRowCount(keys.size());
  }

  @Override
  public void close() {
    if (cursor != null) {
      cursor.close();
      cursor = null;
    }
  }
}
