package io.ppdb.lsm.wal;

/**
 * A segment that is not written to any more and has commits: recovery may not need it, but who
 * reads changes does.
 *
 * @param number of its file
 * @param lastVersion that of the last commit in the segment
 * @param lastMillis the tick of its last commit
 * @param endOffset where its records end; all before is durable
 */
public record KeptSegment(long number, long lastVersion, long lastMillis, long endOffset) {}
