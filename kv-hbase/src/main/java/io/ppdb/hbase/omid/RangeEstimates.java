package io.ppdb.hbase.omid;

import io.ppdb.kv.KeyRange;
import io.ppdb.kv.RangeStatistics;
import io.ppdb.kv.ScanOptions;
import io.ppdb.kv.engine.OrderedCursor;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.apache.hadoop.hbase.RegionMetrics;
import org.apache.hadoop.hbase.ServerName;
import org.apache.hadoop.hbase.Size;
import org.apache.hadoop.hbase.TableName;
import org.apache.hadoop.hbase.client.Admin;
import org.apache.hadoop.hbase.client.RegionInfo;
import org.apache.hadoop.hbase.util.Bytes;
import org.jspecify.annotations.Nullable;

/**
 * How much ranges hold. Planners ask for every statement, so it may not take long: what one call of
 * HBase fetches is counted; of more, keys are counted up to a limit, and beyond it the size of the
 * regions is divided by that of an entry. What was not counted in one call is kept for a minute.
 *
 * <p>Regions hold old versions too, and other ranges; so the last way finds too many rather than
 * too few. Thread-safe.
 */
final class RangeEstimates {
  /** As many entries as one call fetches. */
  static final int SAMPLE_ENTRIES = 1_000;

  private static final int SAMPLE_BYTES = 1 << 20;
  static final int MAX_COUNTED_ENTRIES = 20_000;
  private static final long KEPT_NANOS = TimeUnit.MINUTES.toNanos(1);
  private static final int MAX_KEPT = 1_000;

  private final OmidConnection connection;
  private final TableName data;

  /** The oldest first. Guarded by itself. */
  private final Map<KeyRange, Kept> kept =
      new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<KeyRange, Kept> eldest) {
          return size() > MAX_KEPT;
        }
      };

  private record Kept(RangeStatistics statistics, long sinceNanos) {}

  RangeEstimates(OmidConnection connection, TableName data) {
    this.connection = connection;
    this.data = data;
  }

  /**
   * What {@code range} holds.
   *
   * @param scans opens a cursor over the range, in the newest view
   */
  RangeStatistics of(KeyRange range, Function<ScanOptions, OrderedCursor> scans) {
    RangeStatistics known = known(range);
    if (known != null) {
      return known;
    }
    long entryCount = 0;
    long bytes = 0;
    OrderedCursor sample = scans.apply(ScanOptions.ASCENDING.withMaxEntries(SAMPLE_ENTRIES));
    try {
      boolean more = sample.first();
      while (more && entryCount < SAMPLE_ENTRIES && bytes < SAMPLE_BYTES) {
        entryCount++;
        bytes += sample.key().length() + sample.valueLength();
        more = sample.higher();
      }
      if (!more) {
        return new RangeStatistics(entryCount, bytes);
      }
    } finally {
      sample.close();
    }
    double entryBytes = (double) bytes / entryCount;
    long counted = count(scans);
    long estimate =
        counted < MAX_COUNTED_ENTRIES
            ? counted
            : Math.max(counted, (long) (regionBytes(range) / entryBytes));
    RangeStatistics statistics = new RangeStatistics(estimate, (long) (estimate * entryBytes));
    synchronized (kept) {
      kept.remove(range); // so that it becomes the newest
      kept.put(range, new Kept(statistics, System.nanoTime()));
    }
    return statistics;
  }

  private @Nullable RangeStatistics known(KeyRange range) {
    synchronized (kept) {
      Kept found = kept.get(range);
      return found == null || System.nanoTime() - found.sinceNanos > KEPT_NANOS
          ? null
          : found.statistics;
    }
  }

  private static long count(Function<ScanOptions, OrderedCursor> scans) {
    long count = 0;
    OrderedCursor keys = scans.apply(ScanOptions.ASCENDING.withKeysOnly(true));
    try {
      boolean more = keys.first();
      while (more && count < MAX_COUNTED_ENTRIES) {
        count++;
        more = keys.higher();
      }
    } finally {
      keys.close();
    }
    return count;
  }

  /** What the regions hold that {@code range} reaches into, in memory and files. */
  private double regionBytes(KeyRange range) {
    byte[] start = RowLayout.row(range.start());
    byte[] end = RowLayout.endRow(range);
    try (Admin admin = connection.admin()) {
      Map<String, RegionInfo> regions = new HashMap<>();
      for (RegionInfo region : admin.getRegions(data)) {
        byte[] regionEnd = region.getEndKey();
        boolean reaches =
            Arrays.compareUnsigned(region.getStartKey(), end) < 0
                && (regionEnd.length == 0 || Arrays.compareUnsigned(start, regionEnd) < 0);
        if (reaches) {
          regions.put(Bytes.toStringBinary(region.getRegionName()), region);
        }
      }
      double bytes = 0;
      for (ServerName server : admin.getRegionServers()) {
        for (RegionMetrics metrics : admin.getRegionMetrics(server, data)) {
          if (regions.containsKey(Bytes.toStringBinary(metrics.getRegionName()))) {
            bytes +=
                metrics.getStoreFileSize().get(Size.Unit.BYTE)
                    + metrics.getMemStoreSize().get(Size.Unit.BYTE);
          }
        }
      }
      return bytes;
    } catch (IOException e) {
      throw OmidConnection.unavailable("cannot ask for the sizes of regions", e);
    }
  }
}
