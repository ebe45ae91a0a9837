package io.ppdb.kv;

/**
 * An engine's cheap estimate of what a range holds now, uncommitted writes aside; for planning.
 *
 * <p>lsm counts what a view opened now would show: exactly while the range has few entries, else as
 * far as a sample tells how many of its entries are deleted, overwritten or expired (the bounds:
 * {@code docs/design/estimates.md}). The memory engine counts the overwritten and deleted entries
 * that it still keeps as well. The engine for clusters counts up to twenty thousand entries, at
 * most once a minute if they are more than a thousand, and estimates beyond by the sizes of
 * regions.
 *
 * @param entryCount keys
 * @param sizeInBytes bytes of keys and values before compression
 */
public record RangeStatistics(long entryCount, long sizeInBytes) {}
