package io.ppdb.relational.storage;

import io.ppdb.kv.Cursor;
import io.ppdb.kv.KeyRange;
import io.ppdb.kv.ReadView;
import io.ppdb.kv.ScanOptions;
import io.ppdb.kv.Slice;
import io.ppdb.relational.exec.BatchSource;
import io.ppdb.relational.vector.VectorBatch;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads the entries of one or more ranges of keys, one range after the other. */
final class RowRangeSource implements BatchSource {
  private final ReadView view;
  private final EntryDecoder decoder;
  private final ScanOptions options;
  private final Iterator<KeyRange> ranges;
  private @Nullable Cursor cursor;

  RowRangeSource(ReadView view, EntryDecoder decoder, List<KeyRange> ranges, boolean descending) {
    this.view = view;
    this.decoder = decoder;
    this.options =
        (descending ? ScanOptions.DESCENDING : ScanOptions.ASCENDING)
            .withKeysOnly(!decoder.needsValue());
    this.ranges = ranges.iterator();
  }

  @Override
  public boolean fill(VectorBatch batch, int rowCount) {
    int count = 0;
    while (count < rowCount) {
      Cursor current = cursor;
      if (current == null) {
        if (!ranges.hasNext()) {
          batch.setRowCount(count);
          return false;
        }
        current = view.scan(ranges.next(), options);
        cursor = current;
      }
      while (count < rowCount && current.next()) {
        Slice key = current.key();
        Slice value = current.value();
        decoder.decodeKey(batch, count, key.array(), key.offset(), key.length());
        if (decoder.needsValue()) {
          decoder.decodeValue(batch, count, value.array(), value.offset(), value.length());
        }
        count++;
      }
      if (count < rowCount) {
        current.close();
        cursor = null;
      }
    }
    batch.setRowCount(count);
    return true;
  }

  @Override
  public void close() {
    if (cursor != null) {
      cursor.close();
      cursor = null;
    }
  }
}
