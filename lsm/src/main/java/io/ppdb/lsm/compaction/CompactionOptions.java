package io.ppdb.lsm.compaction;

/**
 * The shape that compaction gives the tree.
 *
 * @param levelZeroTrigger tables in level 0 that call for a compaction
 * @param levelOneBytes size that level 1 may have
 * @param levelMultiplier how many times larger each further level may be
 * @param tableBytes size at which a table ends
 */
public record CompactionOptions(
    int levelZeroTrigger, long levelOneBytes, int levelMultiplier, long tableBytes) {}
