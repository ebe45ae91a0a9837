package io.ppdb.kv;

/**
 * How a scan goes through its range.
 *
 * @param descending from the last key to the first
 * @param keysOnly values are not wanted; {@link Cursor#value()} is empty
 * @param maxEntries stop after this many entries
 * @param maxBytes stop after the entry with which keys and values exceed this many bytes
 * @param prefetchEntries how many entries a remote engine fetches in one call
 */
public record ScanOptions(
    boolean descending, boolean keysOnly, long maxEntries, long maxBytes, int prefetchEntries) {
  public static final ScanOptions ASCENDING =
      new ScanOptions(false, false, Long.MAX_VALUE, Long.MAX_VALUE, 1024);
  public static final ScanOptions DESCENDING = ASCENDING.withDescending(true);

  public ScanOptions withDescending(boolean newDescending) {
    return new ScanOptions(newDescending, keysOnly, maxEntries, maxBytes, prefetchEntries);
  }

  public ScanOptions withKeysOnly(boolean newKeysOnly) {
    return new ScanOptions(descending, newKeysOnly, maxEntries, maxBytes, prefetchEntries);
  }

  public ScanOptions withMaxEntries(long newMaxEntries) {
    return new ScanOptions(descending, keysOnly, newMaxEntries, maxBytes, prefetchEntries);
  }

  public ScanOptions withMaxBytes(long newMaxBytes) {
    return new ScanOptions(descending, keysOnly, maxEntries, newMaxBytes, prefetchEntries);
  }
}
