package io.ppdb.lsm.tree;

import io.ppdb.kv.KeyRange;
import io.ppdb.kv.RangeStatistics;
import io.ppdb.kv.engine.EntryCursor;
import io.ppdb.kv.engine.PointLookup;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/**
 * Tables side by side: sorted by key, their bounds do not overlap. Does not count as their user;
 * whoever uses it keeps them from going. Immutable.
 */
public final class TableRun {
  private final TableFile[] files;

  /** The tables of {@code files}, which are sorted and apart. */
  public TableRun(List<TableFile> files) {
    this.files = files.toArray(TableFile[]::new);
  }

  public List<TableFile> files() {
    return Collections.unmodifiableList(Arrays.asList(files));
  }

  /** The tables that may have keys of {@code range}. */
  public List<TableFile> overlapping(KeyRange range) {
    List<TableFile> overlapping = new ArrayList<>();
    int at = Tree.firstEndingBehind(files, range.start());
    while (at < files.length && files[at].bounds().overlaps(range)) {
      overlapping.add(files[at++]);
    }
    return overlapping;
  }

  /**
   * Offers the entries of {@code key} up to {@code version}, newest first.
   *
   * @param hash {@link io.ppdb.lsm.table.KeyHash#of} the key
   * @return whether the lookup is decided, if not by them then by a range tombstone
   */
  public boolean find(byte[] key, long hash, long version, PointLookup lookup) throws IOException {
    int at = Tree.firstEndingBehind(files, key);
    return at < files.length
        && files[at].bounds().contains(key)
        && (files[at].table().find(key, hash, version, lookup) || lookup.isCovered());
  }

  /** Adds to {@code cursors} what has the entries of {@code range}. */
  public void addCursor(KeyRange range, List<EntryCursor> cursors) throws IOException {
    List<TableFile> overlapping = overlapping(range);
    if (overlapping.size() == 1) {
      cursors.add(overlapping.get(0).table().cursor(true));
    } else if (!overlapping.isEmpty()) {
      cursors.add(new LevelCursor(overlapping, true));
    }
  }

  /**
   * Keys that divide the entries of {@code range} into {@code count} parts, about as large each,
   * from the start of the range on; it has some here.
   */
  public List<byte[]> dividingKeys(KeyRange range, int count) throws IOException {
    List<byte[]> keys = new ArrayList<>(count);
    List<TableFile> parts = overlapping(range);
    long total = statistics(range).entryCount();
    long before = 0;
    int at = 0;
    for (int i = 0; i < count; i++) {
      long wanted = total / count * i;
      long size = parts.get(at).statistics(range).entryCount();
      while (wanted >= before + size && at + 1 < parts.size()) {
        before += size;
        size = parts.get(++at).statistics(range).entryCount();
      }
      keys.add(parts.get(at).table().keyNear(range, wanted - before));
    }
    return keys;
  }

  /** Estimates what {@code range} has, without reading blocks. */
  public RangeStatistics statistics(KeyRange range) throws IOException {
    long entryCount = 0;
    long bytes = 0;
    for (TableFile file : overlapping(range)) {
      RangeStatistics part = file.statistics(range);
      entryCount += part.entryCount();
      bytes += part.sizeInBytes();
    }
    return new RangeStatistics(entryCount, bytes);
  }
}
