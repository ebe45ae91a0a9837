package io.ppdb.kv;

/**
 * An engine's cheap estimate of what a range holds.
 *
 * @param entryCount entries, overwritten ones included
 * @param sizeInBytes bytes of keys and values before compression
 */
public record RangeStatistics(long entryCount, long sizeInBytes) {}
