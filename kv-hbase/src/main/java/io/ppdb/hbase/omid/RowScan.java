package io.ppdb.hbase.omid;

import io.ppdb.kv.KeyRange;
import io.ppdb.kv.ScanOptions;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.hbase.CompareOperator;
import org.apache.hadoop.hbase.client.Scan;
import org.apache.hadoop.hbase.filter.BinaryComparator;
import org.apache.hadoop.hbase.filter.Filter;
import org.apache.hadoop.hbase.filter.FilterList;
import org.apache.hadoop.hbase.filter.KeyOnlyFilter;
import org.apache.hadoop.hbase.filter.MultiRowRangeFilter;
import org.apache.hadoop.hbase.filter.MultiRowRangeFilter.RowRange;
import org.apache.hadoop.hbase.filter.QualifierFilter;

/** The scans of HBase that reads are made of. */
final class RowScan {
  /** Rows that a scan without a smaller limit fetches in one call. */
  private static final int MAX_ROWS_PER_CALL = 1_000;

  private RowScan() {}

  /** From {@code from} on, or after it, to the end of {@code range}. */
  static Scan up(KeyRange range, byte[] from, boolean inclusive, ScanOptions options) {
    return scan(options)
        .withStartRow(RowLayout.row(from), inclusive)
        .withStopRow(RowLayout.endRow(range), false);
  }

  /** From {@code from} on, or before it, down to the start of {@code range}. */
  static Scan down(KeyRange range, byte[] from, boolean inclusive, ScanOptions options) {
    return scan(options)
        .setReversed(true)
        .withStartRow(RowLayout.row(from), inclusive)
        .withStopRow(RowLayout.row(range.start()), true);
  }

  /** From the end of {@code range} down to its start. */
  static Scan downFromEnd(KeyRange range, ScanOptions options) {
    return scan(options)
        .setReversed(true)
        .withStartRow(RowLayout.endRow(range), false)
        .withStopRow(RowLayout.row(range.start()), true);
  }

  private static Scan scan(ScanOptions options) {
    // One more than is asked for: whether there is more need not cost a call.
    long wanted = Math.min(options.maxEntries(), MAX_ROWS_PER_CALL - 1) + 1;
    Scan scan = new Scan().addFamily(StoreTables.FAMILY).setCaching((int) Math.max(1, wanted));
    return options.keysOnly() ? scan.setFilter(lengthsOfValues()) : scan;
  }

  /** Puts lengths in the place of the values of puts, in the region server. */
  private static Filter lengthsOfValues() {
    BinaryComparator value = new BinaryComparator(RowLayout.VALUE);
    return new FilterList(
        FilterList.Operator.MUST_PASS_ONE,
        new QualifierFilter(CompareOperator.NOT_EQUAL, value),
        new FilterList(
            FilterList.Operator.MUST_PASS_ALL,
            new QualifierFilter(CompareOperator.EQUAL, value),
            new KeyOnlyFilter(true)));
  }

  /** The rows of {@code keys}, which ascend. */
  static Scan of(List<byte[]> keys) {
    List<RowRange> rows = new ArrayList<>(keys.size());
    for (byte[] key : keys) {
      byte[] row = RowLayout.row(key);
      rows.add(new RowRange(row, true, row, true));
    }
    return new Scan()
        .addFamily(StoreTables.FAMILY)
        .setCaching(Math.min(keys.size(), MAX_ROWS_PER_CALL))
        .withStartRow(rows.get(0).getStartRow(), true)
        .withStopRow(rows.get(rows.size() - 1).getStopRow(), true)
        .setFilter(new MultiRowRangeFilter(rows));
  }
}
