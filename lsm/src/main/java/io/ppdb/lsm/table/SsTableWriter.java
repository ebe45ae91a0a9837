package io.ppdb.lsm.table;

import io.ppdb.kv.Limits;
import io.ppdb.kv.Slice;
import io.ppdb.kv.engine.EntryKind;
import io.ppdb.kv.engine.RangeTombstones;
import io.ppdb.lsm.blob.BlobHandle;
import io.ppdb.lsm.blob.BlobReference;
import io.ppdb.lsm.format.ByteWriter;
import io.ppdb.lsm.format.Checksum;
import io.ppdb.lsm.format.LittleEndian;
import io.ppdb.lsm.vfs.Vfs;
import io.ppdb.lsm.vfs.VfsFile;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Writes one sstable: entries in their order, then {@link #finish}, which adds the range tombstones
 * and syncs the file. A table has at least one of either. The name in the directory is for the
 * caller to sync. A writer that is closed unfinished deletes its file. Not thread-safe.
 */
public final class SsTableWriter implements Closeable {
  private static final int BUFFER_BYTES = 256 << 10;

  /** A block is stored uncompressed unless compression takes an eighth away. */
  private static final int MIN_GAIN_SHIFT = 3;

  private final Vfs vfs;
  private final Path path;
  private final TableFormat format;
  private final VfsFile file;

  /** Stands on the key added last. */
  private final RangeCodecs.Walk codecs;

  private final BlockBuilder block = new BlockBuilder();
  private final BlockIndex.Builder index = new BlockIndex.Builder();
  private final BloomFilter.Builder filter = new BloomFilter.Builder();
  private final Checksum checksum = new Checksum();
  private final ByteWriter output = new ByteWriter(BUFFER_BYTES + (64 << 10));
  private byte[] compressed = new byte[0];

  /** Offset in the file of the first byte of {@link #output}. */
  private long outputOffset;

  private byte[] smallestKey = new byte[0];
  private byte[] lastKey = new byte[0];
  private long lastVersion;

  // The block written last, while its separator waits for the next key; none if the size is 0.
  private byte[] pendingLastKey = new byte[0];
  private int pendingSize;
  private int pendingEntryCount;
  private long pendingRawBytes;
  private long blockRawBytes;

  private long entryCount;
  private long tombstoneCount;
  private long rawBytes;
  private long minVersion = Long.MAX_VALUE;
  private long maxVersion;
  private long minExpiryMillis = Limits.NO_EXPIRY;
  private final TreeSet<Integer> operatorIds = new TreeSet<>();

  /** Bytes of values by the number of the blob file that they lie in. */
  private final TreeMap<Long, Long> blobBytes = new TreeMap<>();

  /** Forecasts garbage; null if nothing is to be said of it. */
  private @Nullable GarbageCounter garbage;

  private boolean finished;

  public SsTableWriter(Vfs vfs, Path path, TableFormat format) throws IOException {
    this.vfs = vfs;
    this.path = path;
    this.format = format;
    this.codecs = format.codecs().walk(format.codec());
    this.file = vfs.create(path);
    Footer.writeHeader(output);
  }

  /** Lets {@code newGarbage} forecast what will be garbage; before the first entry. */
  public void forecastGarbage(GarbageCounter newGarbage) {
    garbage = newGarbage;
  }

  /** Adds an entry that is, by key and then by falling version, behind all before it. */
  public void add(
      Slice key, long version, EntryKind kind, int operatorId, long expiryMillis, Slice value)
      throws IOException {
    int order = entryCount == 0 ? 1 : key.compareTo(lastKey);
    if (order < 0 || (order == 0 && version >= lastVersion)) {
      throw new IllegalStateException(
          "entry " + key + "@" + version + " added to " + path + " behind @" + lastVersion);
    }
    Codec codec = codecs.codec();
    if (order > 0) {
      codecs.moveTo(key);
    }
    boolean isElsewhere = entryCount > 0 && codecs.codec() != codec;
    if (isElsewhere || block.sizeInBytes() >= format.blockBytes()) {
      endBlock(codec);
    }
    if (order > 0) {
      lastKey = key.toByteArray();
      if (entryCount == 0) {
        smallestKey = lastKey;
      }
      filter.add(KeyHash.of(lastKey));
    }
    if (pendingSize > 0) {
      indexPending(BlockIndex.separator(pendingLastKey, lastKey));
    }
    block.add(key, version, kind, operatorId, expiryMillis, value);
    lastVersion = version;
    entryCount++;
    long raw = key.length() + rawLength(kind, value);
    rawBytes += raw;
    blockRawBytes += raw;
    tombstoneCount += kind == EntryKind.DELETE ? 1 : 0;
    if (kind == EntryKind.MERGE) {
      operatorIds.add(operatorId);
    }
    minVersion = Math.min(minVersion, version);
    maxVersion = Math.max(maxVersion, version);
    minExpiryMillis = Math.min(minExpiryMillis, expiryMillis);
    if (garbage != null) {
      garbage.add(key, order > 0, version, kind, expiryMillis, raw);
    }
  }

  /** How long the value is; if it lies in a blob file, that is counted. */
  private long rawLength(EntryKind kind, Slice value) {
    if (kind != EntryKind.BLOB) {
      return value.length();
    }
    BlobHandle handle = BlobHandle.decode(value, path);
    blobBytes.merge(handle.fileNumber(), (long) handle.length(), Long::sum);
    return handle.length();
  }

  public boolean isEmpty() {
    return entryCount == 0;
  }

  /** Bytes written or buffered so far; the tail of the file is still to come. */
  public long sizeInBytes() {
    return outputOffset + output.size() + block.sizeInBytes();
  }

  /** The key added last. */
  public byte[] lastKey() {
    return lastKey;
  }

  /** Writes the tail and syncs the file. */
  public FinishedTable finish(@Nullable RangeTombstones tombstones) throws IOException {
    if (entryCount > 0) {
      endBlock(codecs.codec());
      indexPending(pendingLastKey);
    } else if (tombstones == null) {
      throw new IllegalStateException("sstable without anything: " + path);
    }
    if (tombstones != null) {
      minVersion = Math.min(minVersion, tombstones.minVersion());
      maxVersion = Math.max(maxVersion, tombstones.maxVersion());
    }
    ByteWriter buffer = new ByteWriter(index.sizeInBytes() + 64);
    filter.build(format.bitsPerKey()).write(buffer);
    BlockHandle filterHandle = writeBlock(buffer, Codec.NONE);
    buffer.clear();
    index.write(buffer, Footer.HEADER_BYTES);
    BlockHandle indexHandle = writeBlock(buffer, format.codec());
    buffer.clear();
    TableProperties properties =
        new TableProperties(
            entryCount,
            tombstoneCount,
            rawBytes,
            minVersion,
            maxVersion,
            minExpiryMillis,
            smallestKey,
            lastKey,
            List.copyOf(operatorIds),
            tombstones == null ? 0 : tombstones.fragmentCount(),
            tombstones == null ? null : tombstones.bounds(),
            blobReferences(),
            garbage == null ? TableGarbage.NONE : garbage.finish(tombstones));
    properties.write(buffer);
    if (tombstones != null) {
      RangeTombstoneFormat.write(buffer, tombstones);
    }
    boolean hasGarbage = !properties.garbage().isNone();
    if (!blobBytes.isEmpty() || hasGarbage) {
      properties.writeBlobs(buffer);
    }
    if (hasGarbage) {
      properties.writeGarbage(buffer);
    }
    BlockHandle propertiesHandle = writeBlock(buffer, Codec.NONE);
    new Footer(filterHandle, indexHandle, propertiesHandle).write(output);
    flushOutput();
    file.force();
    file.close();
    finished = true;
    return new FinishedTable(outputOffset, properties);
  }

  private List<BlobReference> blobReferences() {
    List<BlobReference> references = new ArrayList<>();
    blobBytes.forEach((number, bytes) -> references.add(new BlobReference(number, bytes)));
    return List.copyOf(references);
  }

  /** What was written: the length of the file, and its properties. */
  public record FinishedTable(long sizeInBytes, TableProperties properties) {}

  @Override
  public void close() throws IOException {
    if (!finished) {
      finished = true;
      file.close();
      vfs.delete(path);
    }
  }

  /** Writes the block; its index entry waits for the first key of the next block. */
  private void endBlock(Codec codec) throws IOException {
    pendingEntryCount = block.entryCount();
    pendingRawBytes = blockRawBytes;
    pendingLastKey = lastKey;
    pendingSize = writeBlock(block.finish(), codec).sizeInBytes();
    block.reset();
    blockRawBytes = 0;
  }

  private void indexPending(byte[] separator) {
    int rawBytesInIndex = (int) Math.min(pendingRawBytes, Integer.MAX_VALUE);
    index.add(separator, pendingSize, pendingEntryCount, rawBytesInIndex);
    pendingSize = 0;
  }

  private BlockHandle writeBlock(ByteWriter contents, Codec codec) throws IOException {
    int length = contents.size();
    byte[] stored = contents.array();
    int storedLength = length;
    Codec used = Codec.NONE;
    if (codec != Codec.NONE) {
      int bound = codec.maxCompressedLength(length);
      if (compressed.length < bound) {
        compressed = new byte[bound];
      }
      int compressedLength = codec.compress(stored, length, compressed);
      if (compressedLength < length - (length >> MIN_GAIN_SHIFT)) {
        stored = compressed;
        storedLength = compressedLength;
        used = codec;
      }
    }
    long offset = outputOffset + output.size();
    int start = output.size();
    output.putBytes(stored, 0, storedLength);
    output.putByte(used.code());
    output.putInt(length);
    int sum = BlockFile.checksum(checksum, output.array(), start, output.size() - start, offset);
    int sumOffset = output.skip(Integer.BYTES);
    LittleEndian.putInt(output.array(), sumOffset, sum);
    if (output.size() >= BUFFER_BYTES) {
      flushOutput();
    }
    return new BlockHandle(offset, storedLength + BlockFile.TRAILER_BYTES);
  }

  private void flushOutput() throws IOException {
    file.write(ByteBuffer.wrap(output.array(), 0, output.size()), outputOffset);
    outputOffset += output.size();
    output.clear();
  }
}
