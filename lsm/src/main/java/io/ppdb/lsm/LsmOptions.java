package io.ppdb.lsm;

import io.ppdb.kv.StoreOptions;
import io.ppdb.lsm.blob.BlobOptions;
import io.ppdb.lsm.compaction.CompactionOptions;
import io.ppdb.lsm.table.Codec;
import io.ppdb.lsm.table.TableFormat;
import io.ppdb.lsm.vfs.RealVfs;
import io.ppdb.lsm.vfs.Vfs;
import io.ppdb.lsm.wal.RecoveryMode;

/**
 * How an lsm store is opened, beyond what all engines have in common. None of it is persistent: a
 * store may be opened with other options each time.
 *
 * @param store what all engines have in common
 * @param vfs where the files are
 * @param walGrowthBytes how far a new WAL segment is filled with zeros, and its steps of growth
 * @param blockBytes size at which a data block ends, before compression
 * @param filterBitsPerKey bits that a table's filter has for each key
 * @param codec compression of the upper levels
 * @param lastLevelCodec compression of the last level with data, from level 2 on
 * @param compaction the shape of the tree
 * @param slowdownTableCount tables in level 0 at which each commit waits for a moment
 * @param stopTableCount tables in level 0 at which commits wait for compaction
 * @param manifestGrowthBytes what the edits of a manifest may take before a new one is begun, if
 *     they take more than the store's state
 * @param recoveryMode what is done about a log that is damaged
 * @param blobs which values lie in blob files
 */
public record LsmOptions(
    StoreOptions store,
    Vfs vfs,
    int walGrowthBytes,
    int blockBytes,
    int filterBitsPerKey,
    Codec codec,
    Codec lastLevelCodec,
    CompactionOptions compaction,
    int slowdownTableCount,
    int stopTableCount,
    int manifestGrowthBytes,
    RecoveryMode recoveryMode,
    BlobOptions blobs) {
  private static final int WAL_GROWTH_BYTES = 1 << 20;
  private static final int BLOCK_BYTES = 4 << 10;
  private static final int FILTER_BITS_PER_KEY = 10;
  private static final CompactionOptions COMPACTION =
      new CompactionOptions(4, 128 << 20, 10, 32 << 20);
  private static final int SLOWDOWN_TABLE_COUNT = 12;
  private static final int STOP_TABLE_COUNT = 24;
  private static final int MANIFEST_GROWTH_BYTES = 1 << 20;

  /** Defaults, on the operating system's files. */
  public static LsmOptions of(StoreOptions store) {
    return new LsmOptions(
        store,
        RealVfs.INSTANCE,
        WAL_GROWTH_BYTES,
        BLOCK_BYTES,
        FILTER_BITS_PER_KEY,
        Codec.LZ4,
        Codec.ZSTD,
        COMPACTION,
        SLOWDOWN_TABLE_COUNT,
        STOP_TABLE_COUNT,
        MANIFEST_GROWTH_BYTES,
        RecoveryMode.STRICT,
        BlobOptions.DEFAULT);
  }

  public LsmOptions withStore(StoreOptions newStore) {
    return new LsmOptions(
        newStore,
        vfs,
        walGrowthBytes,
        blockBytes,
        filterBitsPerKey,
        codec,
        lastLevelCodec,
        compaction,
        slowdownTableCount,
        stopTableCount,
        manifestGrowthBytes,
        recoveryMode,
        blobs);
  }

  public LsmOptions withVfs(Vfs newVfs) {
    return new LsmOptions(
        store,
        newVfs,
        walGrowthBytes,
        blockBytes,
        filterBitsPerKey,
        codec,
        lastLevelCodec,
        compaction,
        slowdownTableCount,
        stopTableCount,
        manifestGrowthBytes,
        recoveryMode,
        blobs);
  }

  public LsmOptions withWalGrowthBytes(int newWalGrowthBytes) {
    return new LsmOptions(
        store,
        vfs,
        newWalGrowthBytes,
        blockBytes,
        filterBitsPerKey,
        codec,
        lastLevelCodec,
        compaction,
        slowdownTableCount,
        stopTableCount,
        manifestGrowthBytes,
        recoveryMode,
        blobs);
  }

  public LsmOptions withBlockBytes(int newBlockBytes) {
    return new LsmOptions(
        store,
        vfs,
        walGrowthBytes,
        newBlockBytes,
        filterBitsPerKey,
        codec,
        lastLevelCodec,
        compaction,
        slowdownTableCount,
        stopTableCount,
        manifestGrowthBytes,
        recoveryMode,
        blobs);
  }

  public LsmOptions withCodecs(Codec newCodec, Codec newLastLevelCodec) {
    return new LsmOptions(
        store,
        vfs,
        walGrowthBytes,
        blockBytes,
        filterBitsPerKey,
        newCodec,
        newLastLevelCodec,
        compaction,
        slowdownTableCount,
        stopTableCount,
        manifestGrowthBytes,
        recoveryMode,
        blobs);
  }

  public LsmOptions withCompaction(CompactionOptions newCompaction) {
    return new LsmOptions(
        store,
        vfs,
        walGrowthBytes,
        blockBytes,
        filterBitsPerKey,
        codec,
        lastLevelCodec,
        newCompaction,
        slowdownTableCount,
        stopTableCount,
        manifestGrowthBytes,
        recoveryMode,
        blobs);
  }

  public LsmOptions withStalls(int newSlowdownTableCount, int newStopTableCount) {
    return new LsmOptions(
        store,
        vfs,
        walGrowthBytes,
        blockBytes,
        filterBitsPerKey,
        codec,
        lastLevelCodec,
        compaction,
        newSlowdownTableCount,
        newStopTableCount,
        manifestGrowthBytes,
        recoveryMode,
        blobs);
  }

  public LsmOptions withManifestGrowthBytes(int bytes) {
    return new LsmOptions(
        store,
        vfs,
        walGrowthBytes,
        blockBytes,
        filterBitsPerKey,
        codec,
        lastLevelCodec,
        compaction,
        slowdownTableCount,
        stopTableCount,
        bytes,
        recoveryMode,
        blobs);
  }

  /**
   * Says what is done about a log that is damaged; what was lost is then in {@link
   * LsmStore#losses}.
   */
  public LsmOptions withRecoveryMode(RecoveryMode newRecoveryMode) {
    return new LsmOptions(
        store,
        vfs,
        walGrowthBytes,
        blockBytes,
        filterBitsPerKey,
        codec,
        lastLevelCodec,
        compaction,
        slowdownTableCount,
        stopTableCount,
        manifestGrowthBytes,
        newRecoveryMode,
        blobs);
  }

  public LsmOptions withBlobs(BlobOptions newBlobs) {
    return new LsmOptions(
        store,
        vfs,
        walGrowthBytes,
        blockBytes,
        filterBitsPerKey,
        codec,
        lastLevelCodec,
        compaction,
        slowdownTableCount,
        stopTableCount,
        manifestGrowthBytes,
        recoveryMode,
        newBlobs);
  }

  /** How a table of {@code level} is written. */
  TableFormat tableFormat(int level, boolean isLastLevel) {
    Codec used = isLastLevel && level >= 2 ? lastLevelCodec : codec;
    return new TableFormat(blockBytes, filterBitsPerKey, used);
  }
}
