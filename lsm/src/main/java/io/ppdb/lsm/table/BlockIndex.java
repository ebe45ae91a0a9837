package io.ppdb.lsm.table;

import io.ppdb.lsm.format.ByteReader;
import io.ppdb.lsm.format.ByteWriter;
import java.util.Arrays;

/**
 * Which block holds a key: for each data block a separator, at or after its last key and before the
 * first key of the next block (or equal to it, when a key's entries go on in the next block).
 *
 * <p>All separators share the prefix that the table's keys share. Behind it, the next 16 bytes of
 * each are kept as two longs: a search compares longs, the second ones on a tie, and looks at whole
 * keys only if both are equal.
 *
 * <pre>
 * index = block count varint · offset of the first block varint · block …
 * block = separator length varint · separator · size varint · entry count varint · raw bytes varint
 * </pre>
 *
 * Immutable.
 */
final class BlockIndex {
  private final int blockCount;
  private final byte[] separators;
  private final int[] separatorOffsets;
  private final int sharedLength;
  private final long[] prefixes;
  private final long[] secondPrefixes;
  private final long[] blockOffsets;
  private final long[] entriesBefore;
  private final long[] bytesBefore;

  private BlockIndex(
      byte[] separators,
      int[] separatorOffsets,
      byte[] smallestKey,
      long[] blockOffsets,
      long[] entriesBefore,
      long[] bytesBefore) {
    this.blockCount = blockOffsets.length - 1;
    this.separators = separators;
    this.separatorOffsets = separatorOffsets;
    this.blockOffsets = blockOffsets;
    this.entriesBefore = entriesBefore;
    this.bytesBefore = bytesBefore;
    if (blockCount == 0) {
      sharedLength = 0;
    } else {
      int last = separatorOffsets[blockCount - 1];
      int mismatch =
          Arrays.mismatch(
              separators, last, separatorOffsets[blockCount], smallestKey, 0, smallestKey.length);
      sharedLength = mismatch < 0 ? smallestKey.length : mismatch;
    }
    prefixes = new long[blockCount];
    secondPrefixes = new long[blockCount];
    for (int i = 0; i < blockCount; i++) {
      int start = separatorOffsets[i] + sharedLength;
      prefixes[i] = prefix(separators, start, separatorOffsets[i + 1]);
      secondPrefixes[i] = prefix(separators, start + Long.BYTES, separatorOffsets[i + 1]);
    }
  }

  /** Collects the blocks of a table that is being written. */
  static final class Builder {
    private final ByteWriter blocks = new ByteWriter(4 << 10);
    private int blockCount;

    void add(byte[] separator, int sizeInBytes, int entryCount, int rawBytes) {
      blocks.putSized(separator);
      blocks.putVarint(sizeInBytes);
      blocks.putVarint(entryCount);
      blocks.putVarint(rawBytes);
      blockCount++;
    }

    int sizeInBytes() {
      return blocks.size();
    }

    void write(ByteWriter writer, long firstBlockOffset) {
      writer.putVarint(blockCount);
      writer.putVarint(firstBlockOffset);
      writer.putBytes(blocks.array(), 0, blocks.size());
    }
  }

  /** Reads the index of the table that {@code properties} are about. */
  static BlockIndex read(ByteReader reader, TableProperties properties) {
    int count = reader.readVarint(reader.remaining());
    if ((count == 0) != (properties.entryCount() == 0)) {
      throw reader.corrupt(
          "index of " + count + " blocks for " + properties.entryCount() + " entries");
    }
    long[] blockOffsets = new long[count + 1];
    long[] entriesBefore = new long[count + 1];
    long[] bytesBefore = new long[count + 1];
    int[] separatorOffsets = new int[count + 1];
    ByteWriter separators = new ByteWriter(reader.remaining());
    blockOffsets[0] = reader.readVarint();
    for (int i = 0; i < count; i++) {
      separators.putBytes(reader.readSized());
      separatorOffsets[i + 1] = separators.size();
      int size = reader.readVarint(BlockFile.MAX_BLOCK_BYTES);
      if (size <= BlockFile.TRAILER_BYTES) {
        throw reader.corrupt("data block of " + size + " bytes");
      }
      blockOffsets[i + 1] = blockOffsets[i] + size;
      entriesBefore[i + 1] = entriesBefore[i] + reader.readVarint(Integer.MAX_VALUE);
      bytesBefore[i + 1] = bytesBefore[i] + reader.readVarint(Integer.MAX_VALUE);
    }
    if (reader.hasRemaining()) {
      throw reader.corrupt(reader.remaining() + " bytes behind the index");
    }
    return new BlockIndex(
        separators.toByteArray(),
        separatorOffsets,
        properties.smallestKey(),
        blockOffsets,
        entriesBefore,
        bytesBefore);
  }

  int blockCount() {
    return blockCount;
  }

  long blockOffset(int block) {
    return blockOffsets[block];
  }

  int blockSize(int block) {
    return (int) (blockOffsets[block + 1] - blockOffsets[block]);
  }

  int separatorBytes() {
    return separators.length;
  }

  /** Entries in the blocks before {@code block}. */
  long entriesBefore(int block) {
    return entriesBefore[block];
  }

  /** Bytes of keys and values in the blocks before {@code block}. */
  long bytesBefore(int block) {
    return bytesBefore[block];
  }

  /** The only block in which {@code key} may begin; the number of blocks if it is beyond all. */
  int find(byte[] key) {
    int order =
        Arrays.compareUnsigned(
            key, 0, Math.min(key.length, sharedLength), separators, 0, sharedLength);
    if (order != 0) {
      return order < 0 ? 0 : blockCount;
    }
    long prefix = prefix(key, sharedLength, key.length);
    long second = prefix(key, sharedLength + Long.BYTES, key.length);
    int low = 0;
    int high = blockCount;
    while (low < high) {
      int middle = (low + high) >>> 1;
      int c = Long.compareUnsigned(prefixes[middle], prefix);
      c = c != 0 ? c : Long.compareUnsigned(secondPrefixes[middle], second);
      if (c < 0 || (c == 0 && compareSeparator(middle, key) < 0)) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  byte[] separator(int block) {
    return Arrays.copyOfRange(separators, separatorOffsets[block], separatorOffsets[block + 1]);
  }

  int compareSeparator(int block, byte[] key) {
    return Arrays.compareUnsigned(
        separators, separatorOffsets[block], separatorOffsets[block + 1], key, 0, key.length);
  }

  /** The first 8 bytes of {@code bytes[start, end)}, big-endian, zeros behind a shorter one. */
  private static long prefix(byte[] bytes, int start, int end) {
    long prefix = 0;
    int count = Math.min(Long.BYTES, end - start);
    for (int i = 0; i < count; i++) {
      prefix |= (bytes[start + i] & 0xFFL) << (Long.SIZE - Byte.SIZE * (i + 1));
    }
    return prefix;
  }

  /** A short key at or after {@code last} and before {@code next}, which is greater. */
  static byte[] separator(byte[] last, byte[] next) {
    int mismatch = Arrays.mismatch(last, next);
    int length = mismatch + 1;
    if (mismatch < 0 || length >= last.length || length >= next.length) {
      return last;
    }
    // Behind the shared prefix `next` is greater, and longer than what is kept: the cut is before.
    return Arrays.copyOf(next, length);
  }
}
