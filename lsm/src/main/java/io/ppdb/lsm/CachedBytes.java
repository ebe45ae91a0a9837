package io.ppdb.lsm;

/**
 * What a store keeps in memory of its tables, to be read faster.
 *
 * @param blockBytes blocks of which any may go at any time
 * @param directoryBytes filters and indexes of tables, of which any may go too
 * @param pinnedBytes blocks of ranges that are placed in MEMORY
 * @param entryBytes single entries of ranges that are TIERED
 * @param isOverLimit whether not all of the ranges placed in MEMORY has room there
 */
public record CachedBytes(
    long blockBytes, long directoryBytes, long pinnedBytes, long entryBytes, boolean isOverLimit) {}
