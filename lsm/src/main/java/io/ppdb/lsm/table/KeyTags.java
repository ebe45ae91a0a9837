package io.ppdb.lsm.table;

import io.ppdb.lsm.format.LittleEndian;

/**
 * One byte of the hash of each entry's key, in the order of a block's entries: a lookup of a key
 * compares eight at a time and looks at the entries that have the key's tag only, where a binary
 * search would wait for memory at each step. Immutable.
 */
final class KeyTags {
  private static final long ONES = 0x0101010101010101L;
  private static final long HIGH_BITS = 0x8080808080808080L;

  /** Filled up to whole longs; what is behind the last entry may seem to have any tag. */
  private final byte[] tags;

  private KeyTags(byte[] tags) {
    this.tags = tags;
  }

  static KeyTags of(Block block) {
    byte[] tags = new byte[sizeInBytes(block.entryCount())];
    for (int i = 0; i < block.entryCount(); i++) {
      tags[i] = tag(block.keyHash(i));
    }
    return new KeyTags(tags);
  }

  /** What the tags of so many entries hold of the heap, without headers. */
  static int sizeInBytes(int entryCount) {
    return (entryCount + Long.BYTES - 1) & -Long.BYTES;
  }

  /** Bits that neither the filter's line nor its first probes are chosen by. */
  private static byte tag(long hash) {
    return (byte) (hash >>> 20);
  }

  /**
   * The first entry from {@code from} on that may have a key of this hash; {@code entryCount} or
   * more if there is none.
   */
  int next(int from, long hash) {
    long pattern = (tag(hash) & 0xFFL) * ONES;
    int at = from & -Long.BYTES;
    // Entries of the first word that lie before `from` are taken out of it.
    long mask = -1L << ((from - at) * Byte.SIZE);
    for (; at < tags.length; at += Long.BYTES) {
      long difference = LittleEndian.getLong(tags, at) ^ pattern;
      // The high bit of each byte that is zero; above the lowest one a bit may be wrong.
      long zeros = (difference - ONES) & ~difference & HIGH_BITS & mask;
      if (zeros != 0) {
        return at + Long.numberOfTrailingZeros(zeros) / Byte.SIZE;
      }
      mask = -1L;
    }
    return tags.length;
  }
}
