package io.ppdb.relational.exec;

import io.ppdb.kv.Cursor;
import io.ppdb.kv.KeyRange;
import io.ppdb.kv.ReadView;
import io.ppdb.kv.ScanOptions;
import io.ppdb.kv.Slice;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A view that counts what is read through it; another one owns what it reads. */
final class CountingView implements ReadView {
  private final ReadView view;
  private final NodeMeasurement counts;

  CountingView(ReadView view, NodeMeasurement counts) {
    this.view = view;
    this.counts = counts;
  }

  @Override
  public byte @Nullable [] get(byte[] key) {
    counts.addSeek();
    byte[] value = view.get(key);
    counts.addEntry(key, value);
    return value;
  }

  @Override
  public List<byte @Nullable []> getAll(List<byte[]> keys) {
    List<byte @Nullable []> values = view.getAll(keys);
    for (int i = 0; i < keys.size(); i++) {
      counts.addSeek();
      counts.addEntry(keys.get(i), values.get(i));
    }
    return values;
  }

  @Override
  public Cursor scan(KeyRange range, ScanOptions options) {
    counts.addSeek();
    return new CountingCursor(view.scan(range, options), counts);
  }

  @Override
  public long version() {
    return view.version();
  }

  @Override
  public long instantMillis() {
    return view.instantMillis();
  }

  @Override
  public void close() {
    // The statement's view outlives the operators that read it.
  }

  /** Counts each entry that the cursor comes to stand on. */
  private record CountingCursor(Cursor cursor, NodeMeasurement counts) implements Cursor {
    private boolean count(boolean valid) {
      if (valid) {
        counts.addEntry(cursor.key().length(), cursor.value().length());
      }
      return valid;
    }

    @Override
    public boolean next() {
      return count(cursor.next());
    }

    @Override
    public boolean previous() {
      return count(cursor.previous());
    }

    @Override
    public boolean seek(byte[] key) {
      counts.addSeek();
      return count(cursor.seek(key));
    }

    @Override
    public boolean isValid() {
      return cursor.isValid();
    }

    @Override
    public Slice key() {
      return cursor.key();
    }

    @Override
    public Slice value() {
      return cursor.value();
    }

    @Override
    public long expiryMillis() {
      return cursor.expiryMillis();
    }

    @Override
    public void close() {
      cursor.close();
    }
  }
}
