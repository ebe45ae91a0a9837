package io.ppdb.lsm;

import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.PpdbException;
import io.ppdb.kv.StoreOptions;
import io.ppdb.kv.engine.PolicyMap;
import io.ppdb.lsm.archive.WalArchive;
import io.ppdb.lsm.blob.BlobOptions;
import io.ppdb.lsm.compaction.CompactionFilter;
import io.ppdb.lsm.compaction.CompactionOptions;
import io.ppdb.lsm.table.Codec;
import io.ppdb.lsm.table.RangeCodecs;
import io.ppdb.lsm.table.TableFormat;
import io.ppdb.lsm.vfs.RealVfs;
import io.ppdb.lsm.vfs.Vfs;
import io.ppdb.lsm.wal.RecoveryMode;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * How an lsm store is opened, beyond what all engines have in common. None of it is persistent: a
 * store may be opened with other options each time. Immutable.
 */
public final class LsmOptions {
  private static final int WAL_GROWTH_BYTES = 1 << 20;
  private static final int BLOCK_BYTES = 4 << 10;
  private static final int FILTER_BITS_PER_KEY = 10;
  private static final int SLOWDOWN_TABLE_COUNT = 12;
  private static final int STOP_TABLE_COUNT = 24;
  private static final int MANIFEST_GROWTH_BYTES = 1 << 20;
  private static final long PINNED_BYTES = 256L << 20;
  private static final long ENTRY_CACHE_BYTES = 32L << 20;
  private static final long MAX_LOAD_BYTES_IN_MEMORY = 64 << 20;
  private static final long MAX_TRANSACTION_BYTES_IN_MEMORY = 64 << 20;
  private static final long MAX_UNARCHIVED_BYTES = 4L << 30;
  private static final long MAX_SPARE_FACTOR = 2;

  private StoreOptions store;
  private Vfs vfs = RealVfs.INSTANCE;
  private int walGrowthBytes = WAL_GROWTH_BYTES;
  private int blockBytes = BLOCK_BYTES;
  private int filterBitsPerKey = FILTER_BITS_PER_KEY;
  private Codec codec = Codec.LZ4;
  private Codec lastLevelCodec = Codec.ZSTD;
  private CompactionOptions compaction = CompactionOptions.DEFAULT;
  private int slowdownTableCount = SLOWDOWN_TABLE_COUNT;
  private int stopTableCount = STOP_TABLE_COUNT;
  private int manifestGrowthBytes = MANIFEST_GROWTH_BYTES;
  private RecoveryMode recoveryMode = RecoveryMode.STRICT;
  private BlobOptions blobs = BlobOptions.DEFAULT;
  private List<CompactionFilter> compactionFilters = List.of();
  private long pinnedBytes = PINNED_BYTES;
  private long entryCacheBytes = ENTRY_CACHE_BYTES;
  private long maxLoadBytesInMemory = MAX_LOAD_BYTES_IN_MEMORY;
  private long maxTransactionBytesInMemory = MAX_TRANSACTION_BYTES_IN_MEMORY;
  private @Nullable WalArchive walArchive;
  private long maxUnarchivedBytes = MAX_UNARCHIVED_BYTES;

  private LsmOptions(StoreOptions store) {
    this.store = store;
  }

  private LsmOptions(LsmOptions other) {
    store = other.store;
    vfs = other.vfs;
    walGrowthBytes = other.walGrowthBytes;
    blockBytes = other.blockBytes;
    filterBitsPerKey = other.filterBitsPerKey;
    codec = other.codec;
    lastLevelCodec = other.lastLevelCodec;
    compaction = other.compaction;
    slowdownTableCount = other.slowdownTableCount;
    stopTableCount = other.stopTableCount;
    manifestGrowthBytes = other.manifestGrowthBytes;
    recoveryMode = other.recoveryMode;
    blobs = other.blobs;
    compactionFilters = other.compactionFilters;
    pinnedBytes = other.pinnedBytes;
    entryCacheBytes = other.entryCacheBytes;
    maxLoadBytesInMemory = other.maxLoadBytesInMemory;
    maxTransactionBytesInMemory = other.maxTransactionBytesInMemory;
    walArchive = other.walArchive;
    maxUnarchivedBytes = other.maxUnarchivedBytes;
  }

  /** Defaults, on the operating system's files. */
  public static LsmOptions of(StoreOptions store) {
    return new LsmOptions(store);
  }

  /** These options but for one change: of a copy that nobody has seen yet. */
  private LsmOptions with(Consumer<LsmOptions> change) {
    LsmOptions copy = new LsmOptions(this);
    change.accept(copy);
    return copy;
  }

  /** What all engines have in common. */
  public StoreOptions store() {
    return store;
  }

  /** Where the files are. */
  public Vfs vfs() {
    return vfs;
  }

  /** How far a new WAL segment is filled with zeros, and its steps of growth. */
  public int walGrowthBytes() {
    return walGrowthBytes;
  }

  /** Size at which a data block ends, before compression. */
  public int blockBytes() {
    return blockBytes;
  }

  /** Bits that a table's filter has for each key. */
  public int filterBitsPerKey() {
    return filterBitsPerKey;
  }

  /** Compression of the upper levels, where no policy says otherwise. */
  public Codec codec() {
    return codec;
  }

  /** Compression of the last level with data, from level 2 on, likewise. */
  public Codec lastLevelCodec() {
    return lastLevelCodec;
  }

  /** The shape of the tree. */
  public CompactionOptions compaction() {
    return compaction;
  }

  /** Tables in level 0 from which on each commit waits for a moment, longer with each of them. */
  public int slowdownTableCount() {
    return slowdownTableCount;
  }

  /** Tables in level 0 at which commits wait for compaction. */
  public int stopTableCount() {
    return stopTableCount;
  }

  /**
   * What the edits of a manifest may take before a new one is begun, if they take more than the
   * store's state.
   */
  public int manifestGrowthBytes() {
    return manifestGrowthBytes;
  }

  /** What is done about a log that is damaged. */
  public RecoveryMode recoveryMode() {
    return recoveryMode;
  }

  /** Which values lie in blob files. */
  public BlobOptions blobs() {
    return blobs;
  }

  /** What blocks of ranges placed in MEMORY may take; what is over is read as if TIERED. */
  public long pinnedBytes() {
    return pinnedBytes;
  }

  /** What single entries of TIERED ranges may take. */
  public long entryCacheBytes() {
    return entryCacheBytes;
  }

  /** Who gives up values. */
  public List<CompactionFilter> compactionFilters() {
    return compactionFilters;
  }

  /** How much of a bulk load is held in memory; what is larger is written to tables. */
  public long maxLoadBytesInMemory() {
    return maxLoadBytesInMemory;
  }

  /**
   * How much of the values of a transaction is held in memory. The others are in a file of its own
   * until it commits; one that commits more goes into tables, not through log and memtable. Keys
   * are in memory, whatever this is: 512 MiB of them, with what is kept beside each, and of such
   * values.
   */
  public long maxTransactionBytesInMemory() {
    return maxTransactionBytesInMemory;
  }

  /** Who gets a copy of the log; null if nobody. */
  public @Nullable WalArchive walArchive() {
    return walArchive;
  }

  /** What the archive may leave untaken of the log before commits are refused, in bytes. */
  public long maxUnarchivedBytes() {
    return maxUnarchivedBytes;
  }

  public LsmOptions withStore(StoreOptions newStore) {
    return with(copy -> copy.store = newStore);
  }

  public LsmOptions withVfs(Vfs newVfs) {
    return with(copy -> copy.vfs = newVfs);
  }

  public LsmOptions withWalGrowthBytes(int newWalGrowthBytes) {
    return with(copy -> copy.walGrowthBytes = newWalGrowthBytes);
  }

  public LsmOptions withBlockBytes(int newBlockBytes) {
    return with(copy -> copy.blockBytes = newBlockBytes);
  }

  public LsmOptions withCodecs(Codec newCodec, Codec newLastLevelCodec) {
    return with(
        copy -> {
          copy.codec = newCodec;
          copy.lastLevelCodec = newLastLevelCodec;
        });
  }

  public LsmOptions withCompaction(CompactionOptions newCompaction) {
    return with(copy -> copy.compaction = newCompaction);
  }

  public LsmOptions withStalls(int newSlowdownTableCount, int newStopTableCount) {
    return with(
        copy -> {
          copy.slowdownTableCount = newSlowdownTableCount;
          copy.stopTableCount = newStopTableCount;
        });
  }

  public LsmOptions withManifestGrowthBytes(int bytes) {
    return with(copy -> copy.manifestGrowthBytes = bytes);
  }

  /**
   * Says what is done about a log that is damaged; what was lost is then in {@link
   * LsmStore#losses}.
   */
  public LsmOptions withRecoveryMode(RecoveryMode newRecoveryMode) {
    return with(copy -> copy.recoveryMode = newRecoveryMode);
  }

  /** Lets filters give up values when compactions come by them; the first that does counts. */
  public LsmOptions withCompactionFilters(List<CompactionFilter> newFilters) {
    return with(copy -> copy.compactionFilters = List.copyOf(newFilters));
  }

  public LsmOptions withMaxLoadBytesInMemory(long bytes) {
    return with(copy -> copy.maxLoadBytesInMemory = bytes);
  }

  public LsmOptions withMaxTransactionBytesInMemory(long bytes) {
    return with(copy -> copy.maxTransactionBytesInMemory = bytes);
  }

  public LsmOptions withBlobs(BlobOptions newBlobs) {
    return with(copy -> copy.blobs = newBlobs);
  }

  public LsmOptions withPinnedBytes(long bytes) {
    return with(copy -> copy.pinnedBytes = bytes);
  }

  public LsmOptions withEntryCacheBytes(long bytes) {
    return with(copy -> copy.entryCacheBytes = bytes);
  }

  /**
   * Lets {@code archive} have each segment of the log before it is given up. While it fails the
   * segments are kept; when those have {@code newMaxUnarchivedBytes}, commits are refused.
   */
  public LsmOptions withWalArchive(WalArchive archive, long newMaxUnarchivedBytes) {
    return with(
        copy -> {
          copy.walArchive = archive;
          copy.maxUnarchivedBytes = newMaxUnarchivedBytes;
        });
  }

  public LsmOptions withWalArchive(WalArchive archive) {
    return withWalArchive(archive, maxUnarchivedBytes);
  }

  /**
   * The longest log segment that is used again: what one grows to while memtables are as large as
   * they should be.
   */
  long maxSpareSegmentBytes() {
    return MAX_SPARE_FACTOR * (store.memtableBytes() + walGrowthBytes);
  }

  /** Fails with INVALID_ARGUMENT if commits would wait for what never happens. */
  void check() {
    int trigger = compaction.levelZeroTrigger();
    if (stopTableCount <= trigger || stopTableCount < slowdownTableCount) {
      throw new PpdbException(
          ErrorCode.INVALID_ARGUMENT,
          "commits wait at "
              + stopTableCount
              + " tables in level 0, expected more than the "
              + trigger
              + " that call for a compaction, and at least the "
              + slowdownTableCount
              + " that slow them down");
    }
  }

  /** How a table of {@code level} is written. */
  TableFormat tableFormat(int level, boolean isLastLevel, PolicyMap policies) {
    Codec used = isLastLevel && level >= 2 ? lastLevelCodec : codec;
    return new TableFormat(blockBytes, filterBitsPerKey, used, RangeCodecs.of(policies));
  }
}
