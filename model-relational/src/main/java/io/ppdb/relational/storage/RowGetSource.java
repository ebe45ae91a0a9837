package io.ppdb.relational.storage;

import io.ppdb.kv.ReadView;
import io.ppdb.relational.exec.BatchSource;
import io.ppdb.relational.vector.VectorBatch;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads the entries that have given keys: where they exist, or rows that an index leads to. */
final class RowGetSource implements BatchSource {
  private final ReadView view;
  private final EntryDecoder decoder;
  private final List<byte[]> keys;
  private final boolean mustExist;
  private int next;

  /**
   * @param mustExist whether index entries have these keys, so that a missing row is CORRUPTION
   */
  RowGetSource(ReadView view, EntryDecoder decoder, List<byte[]> keys, boolean mustExist) {
    this.view = view;
    this.decoder = decoder;
    this.keys = keys;
    this.mustExist = mustExist;
  }

  @Override
  public boolean fill(VectorBatch batch, int rowCount) {
    int count = 0;
    if (keys.size() == 1) {
      count = next == 0 ? decode(batch, 0, keys.get(0), view.get(keys.get(0))) : 0;
      next = 1;
    } else {
      List<byte[]> wanted =
          new ArrayList<>(keys.subList(next, Math.min(keys.size(), next + rowCount)));
      next += wanted.size();
      List<byte @Nullable []> rows = view.getAll(wanted);
      for (int i = 0; i < wanted.size(); i++) {
        count = decode(batch, count, wanted.get(i), rows.get(i));
      }
    }
    batch.setRowCount(count);
    return next < keys.size();
  }

  /** Returns the position after the row, or {@code position} if there is none. */
  private int decode(VectorBatch batch, int position, byte[] key, byte @Nullable [] row) {
    if (row == null && mustExist) {
      throw TableKeys.missingRow(key);
    }
    if (row == null) {
      return position;
    }
    decoder.decodeKey(batch, position, key, 0, key.length);
    decoder.decodeValue(batch, position, row, 0, row.length);
    return position + 1;
  }

  @Override
  public int maxRows() {
    return keys.size();
  }

  @Override
  public void close() {}
}
