package io.ppdb.hbase.omid;

import io.ppdb.hbase.omid.RowLayout.Visible;
import io.ppdb.kv.KeyRange;
import io.ppdb.kv.ScanOptions;
import io.ppdb.kv.Slice;
import io.ppdb.kv.engine.OrderedCursor;
import java.io.IOException;
import java.util.function.Function;
import org.apache.hadoop.hbase.client.Result;
import org.apache.hadoop.hbase.client.ResultScanner;
import org.apache.hadoop.hbase.client.Scan;
import org.jspecify.annotations.Nullable;

/**
 * The visible entries of a range, fetched by scans of HBase: one as long as the cursor goes on in
 * one direction, a new one when it turns or seeks. Rows are shown only once their view was found to
 * be intact after they were read.
 */
final class RowCursor implements OrderedCursor {
  private static final byte[] NO_BYTES = {};
  private static final Result[] NO_ROWS = {};

  /** Rows that are taken from a scanner at a time, at most. */
  private static final int MAX_ROWS = 256;

  private final Function<Scan, ResultScanner> scans;
  private final Runnable checkView;
  private final RowReader reader;
  private final KeyRange range;
  private final ScanOptions options;
  private final Slice key = new Slice();
  private final Slice value = new Slice();

  private @Nullable ResultScanner scanner;
  private boolean ascending;

  /** Rows that were read, of which the first ones were shown. */
  private Result[] rows = NO_ROWS;

  private int shownRowCount;
  private int rowsAtATime;
  private @Nullable Visible current;

  RowCursor(
      Function<Scan, ResultScanner> scans,
      Runnable checkView,
      RowReader reader,
      KeyRange range,
      ScanOptions options) {
    this.scans = scans;
    this.checkView = checkView;
    this.reader = reader;
    this.range = range;
    this.options = options;
  }

  @Override
  public boolean first() {
    return range.isEmpty() ? none() : up(range.start(), true);
  }

  @Override
  public boolean last() {
    return range.isEmpty() ? none() : open(RowScan.downFromEnd(range, options), false);
  }

  @Override
  public boolean ceiling(byte[] from) {
    if (range.isEmpty() || !range.isBeforeEnd(from)) {
      return none();
    }
    return range.contains(from) ? up(from, true) : first();
  }

  @Override
  public boolean floor(byte[] from) {
    if (range.isEmpty() || !range.isBeforeEnd(from)) {
      return last();
    }
    return range.contains(from) ? down(from, true) : none();
  }

  @Override
  public boolean higher() {
    return (ascending && scanner != null) ? advance() : up(shown().key(), false);
  }

  @Override
  public boolean lower() {
    return (!ascending && scanner != null) ? advance() : down(shown().key(), false);
  }

  private boolean up(byte[] from, boolean inclusive) {
    return open(RowScan.up(range, from, inclusive, options), true);
  }

  private boolean down(byte[] from, boolean inclusive) {
    return open(RowScan.down(range, from, inclusive, options), false);
  }

  private boolean open(Scan scan, boolean goesUp) {
    closeScanner();
    rowsAtATime = Math.min(MAX_ROWS, scan.getCaching());
    scanner = scans.apply(scan);
    ascending = goesUp;
    return advance();
  }

  private boolean advance() {
    ResultScanner source = scanner;
    if (source == null) {
      return none();
    }
    do {
      while (shownRowCount < rows.length) {
        Result row = rows[shownRowCount++];
        Visible entry = row.isEmpty() ? null : reader.read(row);
        if (entry != null) {
          current = entry;
          key.set(entry.key(), 0, entry.key().length);
          value.set(entry.value(), 0, entry.value().length);
          return true;
        }
      }
    } while (fetch(source));
    closeScanner();
    return none();
  }

  /** Takes the next rows; whether there are any. */
  private boolean fetch(ResultScanner source) {
    try {
      rows = source.next(rowsAtATime);
    } catch (IOException e) {
      throw OmidConnection.unavailable("a scan ended", e);
    }
    shownRowCount = 0;
    checkView.run();
    return rows.length > 0;
  }

  private boolean none() {
    current = null;
    return false;
  }

  private Visible shown() {
    Visible entry = current;
    if (entry == null) {
      throw new IllegalStateException("the cursor is not on an entry");
    }
    return entry;
  }

  @Override
  public boolean isValid() {
    return current != null;
  }

  @Override
  public Slice key() {
    return key;
  }

  @Override
  public Slice value() {
    return value;
  }

  @Override
  public int valueLength() {
    return value.length();
  }

  @Override
  public long expiryMillis() {
    return shown().expiryMillis();
  }

  private void closeScanner() {
    if (scanner != null) {
      scanner.close();
      scanner = null;
    }
    rows = NO_ROWS;
    shownRowCount = 0;
  }

  @Override
  public void close() {
    closeScanner();
    none();
    value.set(NO_BYTES, 0, 0);
  }
}
