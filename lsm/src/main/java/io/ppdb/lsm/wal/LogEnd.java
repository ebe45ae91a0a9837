package io.ppdb.lsm.wal;

/**
 * How far the log is durable.
 *
 * @param segmentNumber the segment that is written to; those before are durable, with their seals
 * @param syncedOffset all of it before this offset is durable
 * @param allSynced whether nothing was written behind, when this was asked
 */
public record LogEnd(long segmentNumber, long syncedOffset, boolean allSynced) {}
