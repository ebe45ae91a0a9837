package io.ppdb.lsm;

import io.ppdb.kv.KeyRange;
import io.ppdb.kv.engine.ClaimedFiles;
import io.ppdb.lsm.table.BloomFilter;
import io.ppdb.lsm.table.KeyHash;
import java.util.Arrays;
import java.util.List;

/** What a load claims: the bounds of its tables, and their filters. Immutable. */
final class LoadClaims implements ClaimedFiles {
  private static final int TABLE_BYTES = 128;

  /** A table, as far as claims go. */
  record Table(KeyRange bounds, BloomFilter filter) {}

  private final List<Table> tables;

  /** The claims of {@code tables}, which are in key order and apart from each other. */
  LoadClaims(List<Table> tables) {
    this.tables = List.copyOf(tables);
  }

  @Override
  public boolean mightHave(byte[] key) {
    int at = firstEndingBehind(key);
    return at < tables.size()
        && tables.get(at).bounds().contains(key)
        && tables.get(at).filter().mightContain(KeyHash.of(key));
  }

  @Override
  public boolean mightHaveIn(KeyRange range) {
    int at = firstEndingBehind(range.start());
    if (at == tables.size() || !tables.get(at).bounds().overlaps(range)) {
      return false;
    }
    return !isSingle(range) || mightHave(range.start());
  }

  private static boolean isSingle(KeyRange range) {
    byte[] start = range.start();
    byte[] end = range.end();
    return end != null
        && end.length == start.length + 1
        && end[start.length] == 0
        && Arrays.equals(start, 0, start.length, end, 0, start.length);
  }

  /** The index of the first table that reaches beyond {@code key}. */
  private int firstEndingBehind(byte[] key) {
    int low = 0;
    int high = tables.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (tables.get(middle).bounds().isBeforeEnd(key)) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return low;
  }

  @Override
  public List<KeyRange> bounds() {
    return tables.stream().map(Table::bounds).toList();
  }

  @Override
  public long sizeInBytes() {
    long bytes = 0;
    for (Table table : tables) {
      byte[] end = table.bounds().end();
      bytes += TABLE_BYTES + table.bounds().start().length + (end == null ? 0 : end.length);
      bytes += table.filter().sizeInBytes();
    }
    return bytes;
  }
}
