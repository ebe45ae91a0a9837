package io.ppdb.lsm.table;

import io.ppdb.kv.KeyRange;
import io.ppdb.kv.RangeStatistics;
import io.ppdb.kv.engine.EntryCursor;
import io.ppdb.kv.engine.EntryKind;
import io.ppdb.kv.engine.PointLookup;
import io.ppdb.kv.engine.RangeTombstones;
import io.ppdb.lsm.blob.BlobFiles;
import io.ppdb.lsm.blob.BlobHandle;
import io.ppdb.lsm.blob.BlobReference;
import io.ppdb.lsm.format.ByteReader;
import io.ppdb.lsm.format.CorruptionException;
import io.ppdb.lsm.vfs.Vfs;
import io.ppdb.lsm.vfs.VfsFile;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * An sstable opened for reading: filter and index in memory while it is used, blocks read when
 * asked for.
 *
 * <p>Thread-safe. Must not be used after {@link #close}; who closes it knows that nobody does.
 */
public final class SsTable implements Closeable {
  private final BlockFile file;
  private final BlockCache cache;
  private final TableProperties properties;
  private final Footer footer;

  /** Null while it is not in memory. */
  private volatile @Nullable TableDirectory directory;

  /** The version of all entries; 0 if the file has their versions. */
  private final long globalVersion;

  /** Null if there are none. */
  private final @Nullable RangeTombstones tombstones;

  private SsTable(
      BlockFile file,
      BlockCache cache,
      TableProperties properties,
      @Nullable RangeTombstones tombstones,
      Footer footer,
      long globalVersion) {
    this.file = file;
    this.cache = cache;
    this.properties = properties;
    this.tombstones = tombstones;
    this.footer = footer;
    this.globalVersion = globalVersion;
  }

  public static SsTable open(Vfs vfs, Path path, BlockCache cache) throws IOException {
    return open(vfs, path, cache, 0);
  }

  /**
   * Opens a table.
   *
   * @param globalVersion the version that all its entries have in the place of the file's 0; 0 for
   *     a file that has their versions
   */
  public static SsTable open(Vfs vfs, Path path, BlockCache cache, long globalVersion)
      throws IOException {
    VfsFile vfsFile = vfs.openRead(path);
    boolean opened = false;
    try {
      BlockFile file = new BlockFile(path, vfsFile);
      long footerOffset = vfsFile.size() - Footer.FOOTER_BYTES;
      if (footerOffset < Footer.HEADER_BYTES) {
        throw new CorruptionException(path, "sstable of " + vfsFile.size() + " bytes");
      }
      Footer.checkHeader(file.readBytes(0, Footer.HEADER_BYTES), path);
      Footer footer =
          Footer.read(file.readBytes(footerOffset, Footer.FOOTER_BYTES), path, footerOffset);
      ByteReader propertiesReader = reader(file, footer.properties());
      TableProperties properties = TableProperties.read(propertiesReader, false);
      RangeTombstones tombstones = null;
      if (propertiesReader.hasRemaining()) {
        propertiesReader = reader(file, footer.properties());
        properties = TableProperties.read(propertiesReader, true);
        if (properties.deletedBounds() != null) {
          tombstones = RangeTombstoneFormat.read(propertiesReader, properties);
        }
        if (propertiesReader.hasRemaining()) {
          properties = properties.withBlobs(propertiesReader);
        }
        if (propertiesReader.hasRemaining()) {
          properties = properties.withGarbage(propertiesReader);
        }
        if (propertiesReader.hasRemaining()) {
          throw propertiesReader.corrupt("bytes behind the properties");
        }
      }
      if (globalVersion != 0) {
        if (properties.maxVersion() != 0 || tombstones != null) {
          throw new CorruptionException(path, "it has versions, expected a table without any");
        }
        properties = properties.atVersion(globalVersion);
      }
      SsTable table = new SsTable(file, cache, properties, tombstones, footer, globalVersion);
      table.directory(); // so that damage is found now
      opened = true;
      return table;
    } finally {
      if (!opened) {
        vfsFile.close();
      }
    }
  }

  private static ByteReader reader(BlockFile file, BlockHandle handle) throws IOException {
    byte[] contents = file.read(handle);
    return new ByteReader(file.path(), handle.offset(), contents, 0, contents.length);
  }

  /** Filter and index, read if they are not in memory. */
  TableDirectory directory() throws IOException {
    TableDirectory present = directory;
    if (present == null) {
      return readDirectory();
    }
    present.touch();
    return present;
  }

  private synchronized TableDirectory readDirectory() throws IOException {
    TableDirectory present = directory;
    if (present == null) {
      present =
          new TableDirectory(
              BloomFilter.read(reader(file, footer.filter())),
              BlockIndex.read(reader(file, footer.index()), properties),
              () -> directory = null);
      directory = present;
      cache.add(present);
    }
    return present;
  }

  public TableProperties properties() {
    return properties;
  }

  /** By which it is known that a key is not here; stays true when the table is closed. */
  public BloomFilter filter() throws IOException {
    return directory().filter;
  }

  /** The range tombstones; null if there are none. */
  public @Nullable RangeTombstones tombstones() {
    return tombstones;
  }

  /**
   * Offers the entries of {@code key} up to {@code version}, newest first, until the lookup is
   * decided; before that, the newest range tombstone over it.
   *
   * @param hash {@link KeyHash#of} the key
   * @return whether it is decided
   */
  public boolean find(byte[] key, long hash, long version, PointLookup lookup) throws IOException {
    if (tombstones != null) {
      lookup.cover(tombstones.newest(key, version));
    }
    TableDirectory directory = directory();
    if (!directory.filter.mightContain(hash)) {
      return false;
    }
    BlockIndex index = directory.index;
    for (int number = index.find(key); number < index.blockCount(); number++) {
      Block block = block(directory, number, true);
      for (int i = block.find(key, hash, version); i < block.entryCount(); i++) {
        if (!block.keyEquals(i, key)) {
          return false;
        }
        if (block.offer(i, lookup)) {
          return true;
        }
      }
      if (index.compareSeparator(number, key) > 0) {
        return false;
      }
    }
    return false;
  }

  /**
   * Brings the blocks that have keys of {@code ranges} into memory, to stay there, and lets go of
   * others that did.
   *
   * @return false if there was not room for all
   */
  public boolean pin(List<KeyRange> ranges) throws IOException {
    TableDirectory directory = directory();
    while (!cache.hold(directory)) {
      directory = directory();
    }
    BlockIndex index = directory.index;
    BitSet wanted = new BitSet(index.blockCount());
    for (KeyRange range : ranges) {
      byte[] end = range.end();
      int last = end == null ? index.blockCount() - 1 : index.find(end);
      wanted.set(index.find(range.start()), Math.min(last + 1, index.blockCount()));
    }
    boolean fits = true;
    for (int number = 0; number < index.blockCount(); number++) {
      if (!wanted.get(number)) {
        cache.unpin(directory.slots, number);
      } else if (fits) {
        fits = cache.pin(directory.slots, number, block(directory, number, false));
      }
    }
    if (wanted.isEmpty()) {
      cache.letGo(directory);
    }
    return fits;
  }

  /**
   * A cursor over all entries.
   *
   * @param fillCache whether blocks read are kept: not for what reads everything once
   */
  public EntryCursor cursor(boolean fillCache) {
    return new SsTableCursor(this, fillCache);
  }

  /**
   * A data block, as the index knows it.
   *
   * @param separator at or after its last key, before the next block's first
   */
  public record BlockSummary(long offset, int sizeInBytes, long entryCount, byte[] separator) {}

  /** The data blocks, in order. */
  public List<BlockSummary> blocks() throws IOException {
    BlockIndex index = directory().index;
    List<BlockSummary> blocks = new ArrayList<>(index.blockCount());
    for (int i = 0; i < index.blockCount(); i++) {
      blocks.add(
          new BlockSummary(
              index.blockOffset(i),
              index.blockSize(i),
              index.entriesBefore(i + 1) - index.entriesBefore(i),
              index.separator(i)));
    }
    return blocks;
  }

  /** How much of {@code range} is here, by whole blocks, from the index. */
  public RangeStatistics statistics(KeyRange range) throws IOException {
    BlockIndex index = directory().index;
    byte[] end = range.end();
    int first = index.find(range.start());
    int last = end == null ? index.blockCount() : index.find(end);
    if (first >= index.blockCount() || last < first) {
      return new RangeStatistics(0, 0);
    }
    // Half of the two blocks at the edges, on average, belongs to the range.
    int behind = last == first ? Math.min(last + 1, index.blockCount()) : last;
    int share = last == first ? 2 : 1;
    return new RangeStatistics(
        (index.entriesBefore(behind) - index.entriesBefore(first)) / share,
        (index.bytesBefore(behind) - index.bytesBefore(first)) / share);
  }

  /**
   * A key that has about {@code entryIndex} entries of {@code range} before it here, from the
   * index. There must be some in the range.
   */
  public byte[] keyNear(KeyRange range, long entryIndex) throws IOException {
    BlockIndex index = directory().index;
    int first = index.find(range.start());
    int low = first;
    int high = index.blockCount() - 1;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (index.entriesBefore(middle + 1) - index.entriesBefore(first) > entryIndex) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    // The separator before a block is at or before its first key.
    return low <= first ? range.start() : index.separator(low - 1);
  }

  /**
   * Reads all blocks that are not in the cache and checks everything against itself; fails with
   * CORRUPTION.
   */
  public void verify() throws IOException {
    BloomFilter filter = directory().filter;
    long count = 0;
    byte[] lastKey = new byte[0];
    long lastVersion = 0;
    try (EntryCursor cursor = cursor(false)) {
      for (boolean more = cursor.seekToFirst(); more; more = cursor.next()) {
        int order = count == 0 ? 1 : cursor.key().compareTo(lastKey);
        if (order < 0 || (order == 0 && cursor.version() >= lastVersion)) {
          throw new CorruptionException(file.path(), "entry " + count + " is out of order");
        }
        if (order > 0) {
          lastKey = cursor.key().toByteArray();
          if (!filter.mightContain(KeyHash.of(lastKey))) {
            throw new CorruptionException(file.path(), "entry " + count + " is not in the filter");
          }
          if (count == 0 && !Arrays.equals(lastKey, properties.smallestKey())) {
            throw new CorruptionException(file.path(), "first key is not that of its properties");
          }
        }
        lastVersion = cursor.version();
        count++;
      }
    }
    if (count != properties.entryCount() || !Arrays.equals(lastKey, properties.largestKey())) {
      throw new CorruptionException(
          file.path(), count + " entries, expected " + properties.entryCount());
    }
  }

  /** Reads the values that lie in blob files, and checks them; fails with CORRUPTION. */
  public void verifyBlobs(BlobFiles blobs) throws IOException {
    if (properties.blobs().isEmpty()) {
      return;
    }
    TreeMap<Long, Long> seen = new TreeMap<>();
    try (EntryCursor cursor = cursor(false)) {
      for (boolean more = cursor.seekToFirst(); more; more = cursor.next()) {
        if (cursor.kind() == EntryKind.BLOB) {
          BlobHandle handle = BlobHandle.decode(cursor.value(), file.path());
          blobs.verify(handle);
          seen.merge(handle.fileNumber(), (long) handle.length(), Long::sum);
        }
      }
    }
    List<BlobReference> found = new ArrayList<>();
    seen.forEach((number, bytes) -> found.add(new BlobReference(number, bytes)));
    if (!found.equals(properties.blobs())) {
      throw new CorruptionException(
          file.path(), "it refers to " + found + ", expected " + properties.blobs());
    }
  }

  @Override
  public void close() throws IOException {
    TableDirectory present = directory;
    if (present != null) {
      cache.remove(present);
    }
    file.close();
  }

  Block block(TableDirectory directory, int number, boolean fillCache) throws IOException {
    Block block = directory.slots.get(number);
    if (fillCache) {
      cache.count(block != null); // who passes by all blocks, as compactions do, says nothing
    }
    if (block != null) {
      block.touch();
      return block;
    }
    BlockIndex index = directory.index;
    long offset = index.blockOffset(number);
    block =
        new Block(file.read(offset, index.blockSize(number)), file.path(), offset, globalVersion);
    if (fillCache) {
      cache.put(directory.slots, number, block);
    }
    return block;
  }
}
